/** Measures one store in a process of its own and prints the outcome as one line of JSON. */
import { bareInsertsPerSecond } from './bare-inserts.ts';
import { openEngine } from './engine-under-test.ts';
import { measureGrowth, type TurnCost } from './history-growth.ts';
import { type Measured, measure, type Scenario } from './scenarios.ts';

export interface StoreReport {
  readonly store: 'memory' | 'azurite';
  readonly bareInsertsPerSecond: number | undefined;
  readonly scenarios: readonly Measured[];
  readonly growth: readonly TurnCost[];
}

export interface Assignment {
  readonly connectionString?: string;
  readonly scenarios: readonly Scenario[];
  readonly historyLengths: readonly number[];
}

const WARM_UP: Scenario = { name: 'chain', concurrent: 21, total: 84 };

const { connectionString, scenarios, historyLengths } = JSON.parse(process.argv[2] ?? '{}') as Assignment;
const engine = await openEngine(connectionString);
await measure(engine, WARM_UP);
const bare = connectionString === undefined ? undefined : await bareInsertsPerSecond(connectionString);
const measured: Measured[] = [];
for (const scenario of scenarios) {
  process.stderr.write(`  ${connectionString ? 'azurite' : 'memory'}: ${scenario.name} x ${scenario.concurrent}\n`);
  measured.push(await measure(engine, scenario));
}
const growth = await measureGrowth(engine, historyLengths);
const report: StoreReport = {
  store: connectionString === undefined ? 'memory' : 'azurite',
  bareInsertsPerSecond: bare,
  scenarios: measured,
  growth,
};
await engine.host.stop();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
