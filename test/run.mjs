/** Runs every check of the project in order and ends with one line `N passed, N failed`; exits 1 when anything failed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

const REPORTS = '.slipway/test';
const SHOWN_FILES = 12;
const bin = (name) => `node_modules/.bin/${name}`;

/** Checks that pass or fail as a whole count one; vitest counts its tests. */
const STEPS = [
  { name: 'lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'build', command: ['node', 'esbuild.config.mjs'] },
  { name: 'unit', report: `${REPORTS}/unit.json` },
  { name: 'e2e', report: `${REPORTS}/e2e.json` },
];

mkdirSync(REPORTS, { recursive: true });
let passed = 0;
let failed = 0;
/** Seconds of each step, in order. */
const times = [];
for (const step of STEPS) {
  const startedMs = Date.now();
  const counts = step.report ? runTests(step.name, step.report) : runCheck(step.name, step.command);
  times.push({ name: step.name, seconds: (Date.now() - startedMs) / 1000 });
  passed += counts.passed;
  failed += counts.failed;
}
console.log(`\n${[...times, ...slowestFiles()].map(({ name, seconds }) => timeLine(name, seconds)).join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The files that take longest: where the next minute is to be won. */
function slowestFiles() {
  const files = STEPS.flatMap(({ report }) => (report ? readReport(report).testResults : []));
  const timed = files.map((file) => ({
    name: `  ${relative(process.cwd(), file.name)}`,
    seconds: (file.endTime - file.startTime) / 1000,
  }));
  return timed.sort((a, b) => b.seconds - a.seconds).slice(0, SHOWN_FILES);
}

function timeLine(name, seconds) {
  return `${seconds.toFixed(1).padStart(7)} s  ${name}`;
}

function readReport(report) {
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] };
}

function runCheck(name, command) {
  const status = run(name, command);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A run that ends badly without failed tests (a crash, an unhandled error, no tests) counts as one failure. */
function runTests(name, report) {
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = run(name, [bin('vitest'), 'run', '--project', name, ...reporters]);
  const counted = readReport(report);
  const counts = { passed: counted.numPassedTests ?? 0, failed: counted.numFailedTests ?? 0 };
  const unexplained = counts.failed === 0 && (status !== 0 || counts.passed === 0 || counted.numPendingTests > 0);
  return unexplained ? { ...counts, failed: 1 } : counts;
}

function run(name, [file, ...args]) {
  const startedMs = Date.now();
  console.log(`\n== ${name}`);
  const { status, error } = spawnSync(file, args, { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } });
  if (error) console.error(`${file} could not be started: ${error.message}`);
  console.log(
    `== ${name} ${status === 0 ? 'passed' : 'failed'} after ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
  );
  return status ?? 1;
}
