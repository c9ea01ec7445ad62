/** Loads the built app in this fresh process, as the Functions worker does, and prints what it cost as one line of JSON. */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { createRequire, SourceMap } from 'node:module';
import { join } from 'node:path';
import { createCoreModule, provideCoreModule } from '../../../../local/functions-host/worker/core-module.ts';
import { FunctionRegistry } from '../../../../local/functions-host/worker/function-registry.ts';
import { HookRegistry } from '../../../../local/functions-host/worker/hooks.ts';
import { packageOf } from './bundle-parts.ts';
import { type SelfTime, selfTimes } from './self-times.ts';

export interface LoadAssignment {
  /** Absolute path of dist/. */
  readonly folder: string;
  /** Loaded after start-up, and timed alone. */
  readonly firstUse?: string;
  /** A profile slows down what it looks at: its shares count, not its sum. */
  readonly profile?: boolean;
}

export interface LoadReport {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly selfTimes: readonly SelfTime[];
}

const SAMPLE_MICROSECONDS = 100;

const { folder, firstUse, profile } = JSON.parse(process.argv[2] ?? '{}') as LoadAssignment;
const registry = new FunctionRegistry();
registry.loadingFile = join(folder, 'index.cjs');
provideCoreModule(createCoreModule({ registry, hooks: new HookRegistry(), log: () => {} }));
const load = createRequire(join(folder, 'index.cjs'));
const report = firstUse ? measureFirstUse(firstUse) : profile ? await measureProfile() : measure('./index.cjs');
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));

function measureFirstUse(file: string): LoadReport {
  load('./index.cjs');
  return measure(`./${file}`);
}

function measure(file: string): LoadReport {
  const [startedAtMs, before] = [performance.now(), process.cpuUsage()];
  load(file);
  const wallMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1000, selfTimes: [] };
}

async function measureProfile(): Promise<LoadReport> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  const measured = measure('./index.cjs');
  const { profile: taken } = await session.post('Profiler.stop');
  const map = new SourceMap(JSON.parse(readFileSync(join(folder, 'index.cjs.map'), 'utf8')));
  const times = selfTimes(taken, (url, line, column) => {
    if (!url.endsWith('/index.cjs')) return null;
    const entry = map.findEntry(line, column);
    return 'originalSource' in entry ? packageOf(entry.originalSource) : '(bundle)';
  });
  return { ...measured, selfTimes: times };
}
