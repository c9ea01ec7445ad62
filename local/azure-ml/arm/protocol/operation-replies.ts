/**
 * First answers and poll answers of long-running operations, in the two forms that ARM uses:
 * PUT points to a status document (Azure-AsyncOperation), PATCH, DELETE and POST to a result (Location).
 */
import type { ArmCall, ArmReply, ArmRoute } from './arm-call.ts';
import { param } from './arm-call.ts';
import { armErrorBody, notFound } from './arm-error.ts';
import type { Operation, Operations } from './operations.ts';
import { PROVIDER, type WorkspaceOptions } from './workspace.ts';

/** What the client is told to expect at most. */
const TIMEOUT_HEADER = { 'x-ms-async-operation-timeout': 'PT1H30M' };

export interface OperationReplies {
  /** Address of the status document, as put into the resource's `AzureAsyncOperationUri`. */
  statusUrl(call: ArmCall, operation: Operation): string;
  /** Answer to a PUT: 201 for a new resource, 200 for a changed one. */
  written(call: ArmCall, operation: Operation, status: 200 | 201, body: unknown): ArmReply;
  /** Answer to a PATCH, DELETE or POST: 202 without a body. */
  accepted(call: ArmCall, operation: Operation): ArmReply;
  readonly routes: readonly ArmRoute[];
}

export interface OperationRepliesOptions {
  readonly operations: Operations;
  readonly workspace: WorkspaceOptions;
  /** 0 leaves the header out; then the SDK polls at its own interval. */
  readonly retryAfterSeconds: number;
}

export function createOperationReplies(options: OperationRepliesOptions): OperationReplies {
  const { operations, retryAfterSeconds } = options;
  const retryAfter: Record<string, string> = retryAfterSeconds > 0 ? { 'retry-after': String(retryAfterSeconds) } : {};
  const url = (call: ArmCall, kind: string, operation: Operation) =>
    `${call.baseUrl}/subscriptions/${options.workspace.subscriptionId}/providers/${PROVIDER}/locations/` +
    `${options.workspace.location}/${kind}/${operation.id}?api-version=${call.apiVersion.text}`;
  const statusUrl = (call: ArmCall, operation: Operation) => url(call, 'mfeOperationsStatus', operation);
  const locate = (call: ArmCall, operation: Operation) => ({
    ...retryAfter,
    location: url(call, 'mfeOperationResults', operation),
  });
  const find = (call: ArmCall) => {
    const operation = operations.find(param(call, 'operation'));
    if (!operation) throw notFound(call.url);
    return operation;
  };
  return {
    statusUrl,
    written: (call, operation, status, body) => ({
      status,
      body,
      headers: { ...retryAfter, ...TIMEOUT_HEADER, 'azure-asyncoperation': statusUrl(call, operation) },
    }),
    accepted: (call, operation) => ({ status: 202, headers: { ...TIMEOUT_HEADER, ...locate(call, operation) } }),
    routes: [
      {
        method: 'GET',
        scope: 'subscription',
        path: '/locations/:location/mfeOperationsStatus/:operation',
        handle: (call) => {
          const operation = find(call);
          return { status: 200, body: statusDocument(operation), headers: operation.outcome ? {} : retryAfter };
        },
      },
      {
        method: 'GET',
        scope: 'subscription',
        path: '/locations/:location/mfeOperationResults/:operation',
        handle: (call) => {
          const operation = find(call);
          return operation.outcome ? endResult(call, operation) : { status: 202, headers: locate(call, operation) };
        },
      },
    ],
  };
}

function statusDocument(operation: Operation): object {
  const { outcome } = operation;
  const status = outcome === undefined ? 'InProgress' : outcome.ok ? 'Succeeded' : 'Failed';
  return {
    id: operation.id,
    name: operation.id,
    status,
    startTime: new Date(operation.startedAtMs).toISOString(),
    ...(operation.endedAtMs === undefined ? {} : { endTime: new Date(operation.endedAtMs).toISOString() }),
    ...(outcome?.ok === false ? armErrorBody(outcome) : {}),
  };
}

function endResult(call: ArmCall, operation: Operation): ArmReply {
  if (operation.outcome?.ok === false) return { status: 400, body: armErrorBody(operation.outcome) };
  if (!operation.result) return { status: 204 };
  return { status: 200, body: operation.result(call.apiVersion.hasNewerMembers) };
}
