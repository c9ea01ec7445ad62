/** The words for a job's state, in the order in which a job passes them (enumeration JobStatus of the published client). */

/** What a job passes on its way; an end may follow any of them. */
export const STAGES = [
  'NotStarted',
  'Starting',
  'Provisioning',
  'Preparing',
  'Queued',
  'Running',
  'Finalizing',
] as const;

export type TerminalStatus = 'Completed' | 'Failed' | 'Canceled';
export type JobStatus = (typeof STAGES)[number] | 'CancelRequested' | TerminalStatus;

export function isTerminal(status: JobStatus): status is TerminalStatus {
  return status === 'Completed' || status === 'Failed' || status === 'Canceled';
}

/** Forward only: no stage comes twice, nothing follows an end, and after a request to cancel only an end. */
export function mayFollow(current: JobStatus, next: JobStatus): boolean {
  if (isTerminal(current)) return false;
  if (isTerminal(next)) return true;
  if (current === 'CancelRequested') return false;
  if (next === 'CancelRequested') return true;
  return rank(next) > rank(current);
}

const ORDER: readonly string[] = STAGES;

function rank(status: JobStatus): number {
  return ORDER.indexOf(status);
}
