/** The manual clock runs due tasks in order; a scoped clock takes its tasks with it; sleep obeys its signal. */
import { expect, test } from 'vitest';
import { sleep } from '../../../local/emulator/clock.ts';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import { scopedClock } from '../../../local/emulator/scoped-clock.ts';

test('tasks run in order of time, then of scheduling, each at its own time', async () => {
  const clock = new ManualClock(1000);
  const ran: [string, number][] = [];
  const note = (name: string) => () => void ran.push([name, clock.nowMs()]);
  clock.after(20, note('late'));
  clock.after(10, note('early'));
  clock.after(10, note('early, second'));
  clock.after(31, note('beyond'));
  await clock.advance(30);
  expect(ran).toEqual([
    ['early', 1010],
    ['early, second', 1010],
    ['late', 1020],
  ]);
  expect([clock.nowMs(), clock.nextDueMs()]).toEqual([1030, 1031]);
});

test('a task scheduled while time passes runs in the same advance when it falls due', async () => {
  const clock = new ManualClock(0);
  const ran: number[] = [];
  clock.after(10, () => void clock.after(10, () => void ran.push(clock.nowMs())));
  await clock.advance(25);
  expect(ran).toEqual([20]);
});

test('promises settle between tasks', async () => {
  const clock = new ManualClock(0);
  const ran: string[] = [];
  void sleep(clock, 10).then(() => ran.push('after sleep'));
  clock.after(20, () => void ran.push('later task'));
  await clock.advance(20);
  expect(ran).toEqual(['after sleep', 'later task']);
});

test('a withdrawn task does not run', async () => {
  const clock = new ManualClock(0);
  let ran = false;
  const cancel = clock.after(10, () => {
    ran = true;
  });
  cancel();
  await clock.advance(20);
  expect([ran, clock.nextDueMs()]).toEqual([false, undefined]);
});

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const clock = new ManualClock(0);
  const abort = new AbortController();
  const sleeping = sleep(clock, 10, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  expect(clock.nextDueMs()).toBeUndefined();
  await expect(sleep(clock, 10, abort.signal)).rejects.toThrow('enough');
});

test('closing a scoped clock withdraws its tasks and takes no new ones, others go on', async () => {
  const clock = new ManualClock(0);
  const scoped = scopedClock(clock);
  const ran: string[] = [];
  clock.after(10, () => void ran.push('outside'));
  scoped.after(5, () => void ran.push('before'));
  scoped.after(10, () => void ran.push('never'));
  await clock.advance(5);
  scoped.close();
  scoped.after(1, () => void ran.push('never'));
  await clock.advance(10);
  expect([ran, scoped.nowMs()]).toEqual([['before', 'outside'], 15]);
});
