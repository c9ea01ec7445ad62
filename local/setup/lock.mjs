/**
 * Lets one set-up work at a time: the lock file holds the pid of the one that works.
 *
 * 1. Who finds the lock of a living process waits for it, and then finds everything current.
 * 2. The lock of a dead process is taken over: an interrupted set-up blocks nobody.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SetupError } from './run-command.mjs';

const POLL_MS = 300;
const MAX_WAIT_MS = 20 * 60_000;

/** Resolves with the function that releases the lock; `onWait(pid)` is called once when somebody else holds it. */
export async function takeLock(lockPath, onWait, maxWaitMs = MAX_WAIT_MS) {
  mkdirSync(dirname(lockPath), { recursive: true });
  const deadlineMs = Date.now() + maxWaitMs;
  let told = false;
  while (!tryTake(lockPath)) {
    const holder = holderOf(lockPath);
    if (holder === undefined || !isAlive(holder)) {
      takeAway(lockPath, holder);
      continue;
    }
    if (!told) onWait(holder);
    told = true;
    if (Date.now() > deadlineMs) {
      throw new SetupError(
        `Process ${holder} has held ${lockPath} too long. End it, or delete the file if it is no set-up.`,
      );
    }
    await wait(POLL_MS);
  }
  return () => {
    if (holderOf(lockPath) === process.pid) rmSync(lockPath, { force: true });
  };
}

function tryTake(lockPath) {
  try {
    writeFileSync(lockPath, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(lockPath) {
  try {
    const pid = Number(readFileSync(lockPath, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves the dead lock aside before deleting it, so that of two takers only one deletes what both saw. */
function takeAway(lockPath, deadPid) {
  const aside = `${lockPath}.${process.pid}`;
  try {
    renameSync(lockPath, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside) === deadPid) rmSync(aside, { force: true });
  else renameSync(aside, lockPath);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
