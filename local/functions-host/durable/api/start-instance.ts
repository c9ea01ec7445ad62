/** Starts orchestrations under the rules for instance ids. */
import type { ManagementRequest, ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import { unknownFunctionText } from '../engine/start-action.ts';
import { wireTime } from '../engine/wire-time.ts';
import { type InstanceRecord, isFinished } from '../store/task-hub-store.ts';
import { managementUrls } from './links.ts';
import { jsonBody, type Query } from './request.ts';
import { badArgument, invalidState, json } from './responses.ts';
import { waitForEnd } from './wait-for-end.ts';

const MAX_ID_LENGTH = 256;

export interface NewInstance {
  readonly functionName: string;
  readonly instanceId: string | undefined;
  readonly version: string | null;
  readonly input: string | null;
}

export async function startRoute(
  hub: TaskHub,
  request: ManagementRequest,
  query: Query,
  [functionName = '', instanceId]: readonly string[],
): Promise<ManagementResponse> {
  const version = query.text('version') ?? hub.options.defaultVersion;
  const input = jsonBody(request) ?? null;
  const id = await startInstance(hub, { functionName, instanceId, version, input });
  return startedResponse(hub, request, query, id);
}

/** 202 with the links, or with `timeout` and `pollingInterval` the output when it ends in time. */
export async function startedResponse(
  hub: TaskHub,
  request: ManagementRequest,
  query: Query,
  instanceId: string,
): Promise<ManagementResponse> {
  const [timeoutSeconds, intervalSeconds] = [query.number('timeout'), query.number('pollingInterval')];
  if (timeoutSeconds !== undefined && intervalSeconds !== undefined) {
    const ended = await waitForEnd(hub, instanceId, timeoutSeconds * 1000, intervalSeconds * 1000);
    if (ended) return ended;
  }
  const urls = managementUrls({ webhookBaseUrl: request.publicBaseUrl, options: hub.options }, instanceId);
  const { rewindPostUri: _rewind, ...body } = urls;
  return json(202, body, { location: urls.statusQueryGetUri, 'retry-after': '10' });
}

/** Returns the instance's id once the start is durable. Refuses an unknown function, a bad id, a running instance. */
export async function startInstance(hub: TaskHub, wanted: NewInstance): Promise<string> {
  const name = hub.registry.find('orchestrator', wanted.functionName);
  if (name === undefined) {
    throw badArgument(unknownFunctionText('orchestrator', wanted.functionName, hub.registry.names('orchestrator')));
  }
  const instanceId = wanted.instanceId ?? hub.newId();
  refuseBadId(instanceId);
  await hub.exclusively(instanceId, async () => {
    await refuseRunning(hub, instanceId);
    await create(hub, { ...wanted, functionName: name, instanceId });
  });
  return instanceId;
}

function refuseBadId(instanceId: string): void {
  if (instanceId.length > MAX_ID_LENGTH) {
    throw badArgument(`Instance IDs must not exceed ${MAX_ID_LENGTH} characters; this one has ${instanceId.length}.`);
  }
  if (instanceId.startsWith('@')) throw badArgument('Instance IDs must not start with @.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  if (/[/\\#?\u0000-\u001f\u007f-\u009f]/.test(instanceId)) {
    throw badArgument('Instance IDs must not contain /, \\, #, ?, or control characters.');
  }
}

async function refuseRunning(hub: TaskHub, instanceId: string): Promise<void> {
  const existing = await hub.store.readInstance(instanceId);
  if (existing && !isFinished(existing.status) && !hub.options.mayReplaceRunning) {
    throw invalidState(`An Orchestration instance with the status ${existing.status} already exists.`);
  }
}

async function create(hub: TaskHub, wanted: NewInstance & { readonly instanceId: string }): Promise<void> {
  const nowMs = hub.clock.nowMs();
  const executionId = hub.newId();
  const { functionName: name, version, input, instanceId } = wanted;
  await hub.post({
    kind: 'event',
    id: `s.${executionId}`,
    instanceId,
    executionId: null,
    dueMs: nowMs,
    replacesRunning: hub.options.mayReplaceRunning,
    event: {
      EventType: 'ExecutionStarted',
      EventId: -1,
      Timestamp: wireTime(nowMs),
      Name: name,
      Version: version,
      Input: input,
      OrchestrationInstance: { InstanceId: instanceId, ExecutionId: executionId },
      ParentInstance: null,
      Tags: null,
    },
  });
  const times = { createdMs: nowMs, lastUpdatedMs: nowMs, completedMs: null };
  const pending = { status: 'Pending', output: null, customStatus: null } as const;
  const record: InstanceRecord = { instanceId, executionId, name, version, input, ...pending, ...times };
  await hub.store.putInstance(record);
}
