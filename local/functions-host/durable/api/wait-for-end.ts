/** Waits for an instance's end, as the start route does on request. */
import { sleep } from '../../../emulator/clock.ts';
import type { ManagementResponse } from '../../seams/durable-host.ts';
import type { TaskHub } from '../dispatch/task-hub.ts';
import type { InstanceRecord } from '../store/task-hub-store.ts';
import { json } from './responses.ts';
import { parsedOrText, statusBody } from './status-body.ts';

const SHORTEST_INTERVAL_MS = 50;

/** The answer for an instance that ended in time, else undefined. */
export async function waitForEnd(
  hub: TaskHub,
  instanceId: string,
  timeoutMs: number,
  intervalMs: number,
): Promise<ManagementResponse | undefined> {
  const deadlineMs = hub.clock.nowMs() + timeoutMs;
  for (;;) {
    const record = await hub.store.readInstance(instanceId);
    const response = record && endResponse(record);
    if (response) return response;
    const leftMs = deadlineMs - hub.clock.nowMs();
    if (leftMs <= 0) return undefined;
    await sleep(hub.clock, Math.min(leftMs, Math.max(intervalMs, SHORTEST_INTERVAL_MS)));
  }
}

function endResponse(record: InstanceRecord): ManagementResponse | undefined {
  switch (record.status) {
    case 'Completed':
      return json(200, parsedOrText(record.output));
    case 'Terminated':
    case 'Canceled':
      return json(200, statusBody(record, true));
    case 'Failed':
      return json(500, statusBody(record, true));
    default:
      return undefined;
  }
}
