/**
 * Runs the steps that are not done yet, two at a time, each after those that it needs.
 *
 * 1. A failure starts nothing more, stops what runs, and is thrown when that has ended.
 * 2. What needs a step that is already done does not wait.
 */

/**
 * @typedef {{
 *   name: string, needs: readonly string[], expect: { seconds: number, megabytes: number },
 *   isDone: () => Promise<boolean>, run: () => Promise<void>,
 * }} Step
 * @typedef {{ begin(due: readonly Step[], all: number): void, started(step: Step): void, ended(step: Step): void }} Report
 */

const LANES = 2;

/**
 * @param {readonly Step[]} steps
 * @param {Report} report
 * @param {() => void} stopRunning ends the tools of steps that still run after a failure
 * @returns how many steps ran
 */
export async function runSteps(steps, report, stopRunning = () => {}) {
  const due = await dueOf(steps);
  if (due.length === 0) return 0;
  report.begin(due, steps.length);
  const waiting = new Set(due);
  const failures = [];
  const running = new Set();
  const start = (step) => {
    waiting.delete(step);
    report.started(step);
    const run = step
      .run()
      .then(() => report.ended(step))
      .catch((error) => {
        if (failures.push(error) === 1) stopRunning();
      })
      .finally(() => running.delete(entry));
    const entry = { step, run };
    running.add(entry);
  };
  const isFree = (step) => {
    const unfinished = [...waiting, ...[...running].map((entry) => entry.step)];
    return step.needs.every((name) => !unfinished.some((other) => other.name === name));
  };
  while (running.size > 0 || (waiting.size > 0 && failures.length === 0)) {
    const next = failures.length === 0 && running.size < LANES ? [...waiting].find(isFree) : undefined;
    if (next) start(next);
    else if (running.size > 0) await Promise.race([...running].map(({ run }) => run));
    else
      throw new Error(`These steps of set-up wait for each other: ${[...waiting].map(({ name }) => name).join(', ')}.`);
  }
  if (failures.length > 0) throw failures[0];
  return due.length;
}

async function dueOf(steps) {
  const done = await Promise.all(steps.map((step) => step.isDone()));
  return steps.filter((_step, index) => !done[index]);
}
