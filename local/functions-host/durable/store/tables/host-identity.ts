/** Tells one host process from another, and whether a process of this machine is gone. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

export const hostIdentitySchema = z.object({
  /** Processes are comparable only within one machine and, in containers, within one set of process numbers. */
  machine: z.string(),
  pid: z.int().positive(),
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  startedAt: z.string(),
});
export type HostIdentity = z.infer<typeof hostIdentitySchema>;

export function thisHost(): HostIdentity {
  return { machine: machineName(), pid: process.pid, startedAt: processState(process.pid)?.startedAt ?? '' };
}

/** True only when it is certain: a process of another machine is never known to be gone. */
export function isGone(other: HostIdentity, here: HostIdentity = thisHost()): boolean {
  if (other.machine !== here.machine) return false;
  if (!isAlive(other.pid)) return true;
  const state = processState(other.pid);
  if (!state) return false;
  return state.isZombie || (other.startedAt !== '' && state.startedAt !== other.startedAt);
}

function machineName(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Fields 3 and 22 of Linux's /proc/<pid>/stat; the name in field 2 may hold blanks, but ends at the last bracket. */
function processState(pid: number): { readonly isZombie: boolean; readonly startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { isZombie: fields[0] === 'Z' || fields[0] === 'X', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
