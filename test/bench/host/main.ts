/** `npm run bench:host -- [--quick]`: the host's speed as tables; exit code 1 when an aim is missed. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/functions-host/durable/harness/azurite.ts';
import { bundleTable, coldStartTable } from './bundle/bundle-table.ts';
import { measureBundle } from './bundle/measure-bundle.ts';
import { BENCH_APP } from './engine-under-test.ts';
import type { Assignment, StoreReport } from './measure-store.ts';
import { growthTable, scenarioTable, table, verdicts } from './report.ts';
import type { Scenario } from './scenarios.ts';
import { startUp } from './start-up.ts';

const CHILD = fileURLToPath(new URL('./measure-store.ts', import.meta.url));
const HISTORY_LENGTHS = [10, 100, 1_000, 10_000];

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

/** Quick leaves out a thousand at once, which takes minutes on Azurite. */
function scenarios(): Scenario[] {
  const most = values.quick ? [1, 100] : [1, 100, 1_000];
  const names = ['chain', 'fanOut', 'approval'] as const;
  return names.flatMap((name) =>
    most.map((concurrent) => ({ name, concurrent, total: concurrent === 1 ? 20 : concurrent })),
  );
}

async function measureStore(assignment: Assignment): Promise<StoreReport> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(assignment)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return JSON.parse(text) as StoreReport;
}

async function startBenchApp(connectionString: string): Promise<number> {
  const environment = { ...process.env, BENCH_HUB: 'StartUpHub', AzureWebJobsStorage: connectionString };
  const app = { scriptRoot: BENCH_APP, path: '/api/ping', status: 200, environment, compileCache: true };
  return (await startUp(app)).ms;
}

const azurite = await startAzurite();
try {
  const { connectionString } = azurite;
  const bundle = await measureBundle(connectionString);
  process.stdout.write(`\n${coldStartTable(bundle)}\n${bundleTable(bundle)}`);
  await startBenchApp(connectionString);
  const startUps = [await startBenchApp(connectionString), await startBenchApp(connectionString)];
  const memory = await measureStore({ scenarios: scenarios(), historyLengths: HISTORY_LENGTHS });
  const tables = await measureStore({
    connectionString,
    scenarios: scenarios(),
    historyLengths: HISTORY_LENGTHS,
  });
  const judged = verdicts(memory, tables, { benchAppMs: Math.min(...startUps), bundleColdMs: bundle.coldMs });
  process.stdout.write(`\n${scenarioTable([memory, tables])}\n${growthTable([memory, tables])}\n`);
  process.stdout.write(
    table(
      ['aim', 'got', 'met'],
      judged.map(({ aim, got, met }) => [aim, got, met ? 'yes' : 'NO']),
    ),
  );
  process.exitCode = judged.every(({ met }) => met) ? 0 : 1;
} finally {
  await azurite.stop();
}
