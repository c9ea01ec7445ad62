/** What every handler of endpoints and deployments works with. */
import type { Clock } from '../../../emulator/clock.ts';
import type { ServingPlane } from '../../seams/serving-plane.ts';
import type { AssetKind } from '../assets/asset-kind.ts';
import type { AssetStore } from '../assets/asset-store.ts';
import { type ArmCall, param } from '../protocol/arm-call.ts';
import { ArmError, notFound } from '../protocol/arm-error.ts';
import type { OperationReplies } from '../protocol/operation-replies.ts';
import type { Operation, OperationOutcome, Operations } from '../protocol/operations.ts';
import { armId, type WorkspaceOptions } from '../protocol/workspace.ts';
import type { EndpointRecord, EndpointStore } from '../records/endpoint-record.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

export interface EndpointContext {
  readonly clock: Clock;
  readonly workspace: WorkspaceOptions;
  readonly serving: ServingPlane;
  readonly endpoints: EndpointStore;
  readonly assets: Readonly<Record<AssetKind, AssetStore>>;
  readonly artifacts: ArtifactStore;
  /** Folder for the copies that deployments run from. */
  readonly deployFolder: string;
  readonly operations: Operations;
  readonly replies: OperationReplies;
  readonly staleReadMs: number;
}

export function endpointArmId(context: EndpointContext, name: string): string {
  return armId(context.workspace, 'onlineEndpoints', name);
}

export function requireEndpoint(context: EndpointContext, call: ArmCall): EndpointRecord {
  const name = param(call, 'endpoint');
  const endpoint = context.endpoints.find(name);
  if (!endpoint) throw notFound(endpointArmId(context, name));
  return endpoint;
}

/** Every write to the endpoint or one of its deployments waits for the one before. */
export function requireIdle(endpoint: EndpointRecord): void {
  if (!endpoint.isBusy) return;
  throw new ArmError(
    409,
    'Conflict',
    `Another operation is in progress on the endpoint '${endpoint.name}' or one of its deployments. Wait for its end, then try again.`,
  );
}

export interface EndpointOperationPlan {
  readonly work: (signal: AbortSignal) => Promise<OperationOutcome>;
  readonly settle: (outcome: OperationOutcome) => void;
  readonly result?: (hasNewerMembers: boolean) => unknown;
}

/** Runs one operation while every other write to the endpoint is refused. The endpoint must be idle. */
export function startOnEndpoint(
  context: EndpointContext,
  endpoint: EndpointRecord,
  title: string,
  plan: EndpointOperationPlan,
): Operation {
  endpoint.isBusy = true;
  return context.operations.start({
    title,
    work: plan.work,
    settle: (outcome) => {
      endpoint.isBusy = false;
      plan.settle(outcome);
    },
    ...(plan.result ? { result: plan.result } : {}),
  });
}
