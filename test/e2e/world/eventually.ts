/** Reads again and again until what is read is as wanted; the failure tells what was read last. */
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 100;
const DEFAULT_LIMIT_MS = 60_000;

export interface Expectation<Value> {
  /** Completes the sentence "It did not happen within 60 s that ...". */
  readonly what: string;
  readonly read: () => Promise<Value>;
  readonly isDone: (value: Value) => boolean;
  /** True when waiting on is useless. */
  readonly isHopeless?: (value: Value) => boolean;
  /** Shown after the failure; the last value as JSON unless given. */
  readonly explain?: (last: Value | undefined) => Promise<string> | string;
  readonly limitMs?: number;
}

/** A read that throws counts as not done: a host that is being restarted answers nobody. */
export async function eventually<Value>(expectation: Expectation<Value>): Promise<Value> {
  const { what, read, isDone, isHopeless = () => false, limitMs = DEFAULT_LIMIT_MS } = expectation;
  const { explain = (value) => JSON.stringify(value) } = expectation;
  let last: Value | undefined;
  let trouble: unknown;
  for (const deadlineMs = Date.now() + limitMs; Date.now() < deadlineMs; await wait(LOOK_MS)) {
    try {
      last = await read();
      trouble = undefined;
    } catch (error) {
      trouble = error;
      continue;
    }
    if (isDone(last)) return last;
    if (isHopeless(last)) break;
  }
  const why = trouble === undefined ? '' : ` Last trouble: ${String(trouble)}`;
  throw new Error(`It did not happen within ${limitMs / 1000} s that ${what}.${why}\n${await explain(last)}`);
}
