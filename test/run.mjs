/** Runs every check of the project in order and ends with one line `N passed, N failed`; exits 1 when anything failed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

const REPORTS = '.slipway/test';
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
for (const step of STEPS) {
  const counts = step.report ? runTests(step.name, step.report) : runCheck(step.name, step.command);
  passed += counts.passed;
  failed += counts.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function runCheck(name, command) {
  const status = run(name, command);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A run that ends badly without failed tests (a crash, an unhandled error, no tests) counts as one failure. */
function runTests(name, report) {
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = run(name, [bin('vitest'), 'run', '--project', name, ...reporters]);
  const counted = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
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
