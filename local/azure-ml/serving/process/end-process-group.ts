/** Guarantees that nothing of a process group is left: asks it to end, then kills it. */
import { setTimeout as delay } from 'node:timers/promises';

const GRACE_MS = 5_000;

/** `exited` is the end of the group's leader. Time here is the machine's: processes do not live in virtual time. */
export async function endProcessGroup(leaderPid: number, exited: Promise<unknown>): Promise<void> {
  signalGroup(leaderPid, 'SIGTERM');
  const graceOver = new AbortController();
  const grace = delay(GRACE_MS, undefined, { signal: graceOver.signal }).catch(() => undefined);
  await Promise.race([exited, grace]);
  graceOver.abort();
  signalGroup(leaderPid, 'SIGKILL');
  await exited;
}

/** A group that is already gone is what was wanted; macOS reports one of which only the exit status is left as EPERM. */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leaderPid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
