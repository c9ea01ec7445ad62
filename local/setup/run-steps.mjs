/** Runs the steps that are not done yet, one after the other, and says how long each took. */

/**
 * @param {readonly { name: string, isDone: () => Promise<boolean>, run: () => Promise<void> }[]} steps
 * @param {(text: string) => void} write gets pieces of text, without a line end while a step runs
 * @returns how many steps ran
 */
export async function runSteps(steps, write, nowMs = () => Date.now()) {
  let ran = 0;
  for (const [index, step] of steps.entries()) {
    if (await step.isDone()) continue;
    const startedAtMs = nowMs();
    write(`[${index + 1}/${steps.length}] ${step.name} ... `);
    try {
      await step.run();
    } catch (error) {
      write('failed\n');
      throw error;
    }
    write(`${((nowMs() - startedAtMs) / 1000).toFixed(1)} s\n`);
    ran += 1;
  }
  return ran;
}
