/** Model monitors: schedules of Azure ML that compare what a deployment gets with a reference. */
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';

/** What a monitor shall watch from now on. */
export interface MonitorMove {
  /** Name of the schedule. */
  readonly schedule: string;
  readonly endpoint: EndpointName;
  readonly deployment: DeploymentName;
  /** Data asset `azureml:<name>:<version>` to compare with; null keeps what the monitor compares with now. */
  readonly reference: string | null;
}

export type MonitorMoveOutcome =
  /** Read back: the monitor watches the deployment. */
  | { readonly kind: 'in-place' }
  /** Written, not read back yet. */
  | { readonly kind: 'submitted' }
  /** An operation runs on the schedule: try again later. */
  | { readonly kind: 'busy'; readonly reason: string }
  /** It cannot be moved, however often it is tried. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface ModelMonitors {
  /** One step towards the move; repeating it is harmless. Everything else that the monitor says is kept. */
  moveMonitor(move: MonitorMove): Promise<MonitorMoveOutcome>;
}
