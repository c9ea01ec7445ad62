/** Child process of the child-process test: starts a child of its own, tells its pid, then ends as argv[3] says. */
import { startChild } from '../../../../local/stack/processes/child-process.ts';
import { openProcessBook } from '../../../../local/stack/processes/process-book.ts';
import { createStopList } from '../../../../local/stack/processes/stop-list.ts';
import { stopOnSignal } from '../../../../local/stack/processes/stop-on-signal.ts';

const [folder = '', way = ''] = process.argv.slice(2);
const book = openProcessBook(folder, (line) => process.stdout.write(`${line}\n`));
const child = startChild({
  name: 'idle',
  // Ignores the polite signal, as a hanging process would.
  nodeArguments: ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("idle")'],
  cwd: folder,
  environment: {},
  book,
  onLine() {
    process.stdout.write(`${child.pid}\n`);
    if (way === 'throw') throw new Error('crash');
    if (way === 'exit') process.exit(0);
  },
});
const stops = createStopList(() => {});
stops.add('child', { stop: async () => child.kill('SIGKILL') });
stopOnSignal(
  () => stops.stop(),
  () => {},
);
