/** The status of an instance as the API shows it. */
import type { InstanceRecord, RuntimeStatus } from '../store/task-hub-store.ts';

export function statusBody(record: InstanceRecord, showInput: boolean) {
  return {
    name: record.name,
    instanceId: record.instanceId,
    runtimeStatus: record.status,
    input: showInput ? parsedOrText(record.input) : null,
    customStatus: parsedOrText(record.customStatus),
    output: parsedOrText(record.output),
    createdTime: wholeSeconds(record.createdMs),
    lastUpdatedTime: wholeSeconds(record.lastUpdatedMs),
  };
}

export function wholeSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/** Failure and terminate texts are not JSON and are shown as strings. */
export function parsedOrText(text: string | null): unknown {
  if (text === null || text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** 202 while something may still happen, else 200; a failure is 500 only on request. */
export function statusCode(status: RuntimeStatus, errorOnFailure: boolean): number {
  switch (status) {
    case 'Failed':
      return errorOnFailure ? 500 : 200;
    case 'Completed':
    case 'Terminated':
    case 'Canceled':
      return 200;
    default:
      return 202;
  }
}
