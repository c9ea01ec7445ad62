/** The seam between an instance's life (probes, restarts) and what really runs it. */
import type { DeploymentSpec } from '../../seams/serving-plane.ts';

/** One running model server. */
export interface InstanceProcess {
  /** `http://127.0.0.1:<port>`; answers `GET /` when ready and `POST /score`. */
  readonly origin: string;
  /** Resolves once, when the server is gone, with how it ended ("exit code 3"). Never rejects. */
  readonly exited: Promise<string>;
  /** Ends it for certain; safe to repeat. */
  stop(): Promise<void>;
}

export interface InstanceLauncher {
  /**
   * Starts a server and resolves when its address is known, which may be long before it answers.
   * Rejects when it cannot be started at all.
   */
  launch(spec: DeploymentSpec, onLine: (line: string) => void): Promise<InstanceProcess>;
}
