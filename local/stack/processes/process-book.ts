/**
 * The pid file of a stack: who runs in this state folder, so that a crash leaves nothing behind for long.
 *
 * 1. Only one stack uses a state folder at a time.
 * 2. A process is killed only when its start time and command line are the ones that were written down.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentity } from './process-identity.ts';

const entrySchema = z.object({ name: z.string(), pid: z.int().positive(), identity: z.string() });
const bookSchema = z.object({ stack: entrySchema, children: z.array(entrySchema).max(100) });

type Entry = z.infer<typeof entrySchema>;

export interface ProcessBook {
  /** Writes a started child down; its process id is also its process group. */
  add(name: string, pid: number): void;
  remove(pid: number): void;
  /** Ends the use of the state folder. */
  close(): void;
}

/** Opens the book of `folder`; kills what a crashed stack left; throws when a stack runs there now. */
export function openProcessBook(folder: string, log: (line: string) => void): ProcessBook {
  const path = join(folder, 'stack.pid.json');
  clearLeftovers(path, folder, log);
  const children = new Map<number, Entry>();
  const stack = entryOf('stack', process.pid);
  const save = () => {
    writeFileSync(`${path}.new`, JSON.stringify({ stack, children: [...children.values()] }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  save();
  return {
    add(name, pid) {
      children.set(pid, entryOf(name, pid));
      save();
    },
    remove(pid) {
      if (children.delete(pid)) save();
    },
    close: () => rmSync(path, { force: true }),
  };
}

function entryOf(name: string, pid: number): Entry {
  return { name, pid, identity: processIdentity(pid) ?? '' };
}

function clearLeftovers(path: string, folder: string, log: (line: string) => void): void {
  const book = readBook(path);
  if (!book) return;
  if (isStillRunning(book.stack) && book.stack.pid !== process.pid) {
    throw new Error(
      `A local stack runs already in ${folder} (process ${book.stack.pid}). Stop it with Ctrl-C in its terminal or ` +
        `"kill ${book.stack.pid}", or start this one with another state folder.`,
    );
  }
  for (const child of book.children.filter(isStillRunning)) {
    log(`Stopping ${child.name} (process ${child.pid}), left over from a stack that did not end cleanly.`);
    killGroup(child.pid, 'SIGKILL');
  }
}

function readBook(path: string): z.infer<typeof bookSchema> | undefined {
  try {
    return bookSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isStillRunning({ pid, identity }: Entry): boolean {
  return identity !== '' && processIdentity(pid) === identity;
}

/** Signals a whole process group; a group that is gone already is fine. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
