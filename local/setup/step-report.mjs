/** Tells how far set-up is: what to expect, one line a step when it has ended, and in a terminal what runs now. */

const REDRAW_MS = 1000;
const ERASE_LINE = '\r\x1b[K';

/**
 * @param {{ isTTY?: boolean, write(text: string): unknown }} output
 * @param {() => number} nowMs
 */
export function createStepReport(output, nowMs = () => Date.now()) {
  const beganAtMs = nowMs();
  const running = new Map();
  let due = [];
  let ended = 0;
  let timer;
  const draw = () => {
    if (!output.isTTY || running.size === 0) return;
    const now = [...running].map(([name, sinceMs]) => `${name} (${seconds(nowMs() - sinceMs)})`);
    output.write(`${ERASE_LINE}        now: ${now.join(', ')}`);
  };
  const line = (text) => output.write(`${output.isTTY ? ERASE_LINE : ''}${text}\n`);
  return {
    begin(steps, all) {
      due = steps;
      line(expectation(due, all));
      if (output.isTTY) timer = setInterval(draw, REDRAW_MS).unref();
    },
    started({ name }) {
      running.set(name, nowMs());
      draw();
    },
    ended({ name }) {
      ended += 1;
      const took = nowMs() - (running.get(name) ?? nowMs());
      running.delete(name);
      const width = Math.max(...due.map((step) => step.name.length));
      const count = `${String(ended).padStart(String(due.length).length)}/${due.length}`;
      line(`${clock(nowMs() - beganAtMs)}  ${count}  ${name.padEnd(width)}  ${seconds(took).padStart(7)}`);
      draw();
    },
    /** Leaves the terminal with an empty line to write on. */
    close() {
      clearInterval(timer);
      if (output.isTTY) output.write(ERASE_LINE);
    },
  };
}

/** Steps run two at a time; a slow network takes longer. */
function expectation(due, all) {
  const total = (of) => due.reduce((sum, { expect }) => sum + of(expect), 0);
  const megabytes = total((expect) => expect.megabytes);
  const size = megabytes >= 1000 ? `${(megabytes / 1000).toFixed(1)} GB` : `${megabytes} MB`;
  const longest = Math.max(5, Math.round(total((expect) => expect.seconds) / 2 / 5) * 5);
  const steps = due.length === all ? `${all} steps` : `${due.length} of ${all} steps to do`;
  return `Set-up: ${steps}, about ${size} in this folder; about ${longest} s with a fast network.`;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

function clock(ms) {
  const whole = Math.floor(ms / 1000);
  return `${String(Math.floor(whole / 60)).padStart(2)}:${String(whole % 60).padStart(2, '0')}`;
}
