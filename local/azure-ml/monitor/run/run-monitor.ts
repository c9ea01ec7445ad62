/**
 * Runs a monitor once: every signal is a step of the run.
 *
 * 1. A breached signal's step carries the documented tag when its completion is announced; the run itself completes too.
 * 2. A signal without data to compare fails its step and the run, with the reason, and raises no drift.
 * 3. Each run and each step ends, whatever happens.
 */
import { type InputContext, readInput } from '../data/read-input.ts';
import { MonitorFailure } from '../seams/monitor-failure.ts';
import type { MonitorDefinition, MonitorSignal } from '../seams/monitor-schema.ts';
import { BREACH_TAG, breachText } from './breach-tag.ts';
import { evaluateSignal } from './evaluate-signal.ts';
import type { MonitorRun, SignalReport } from './monitor-run.ts';
import type { RecordedRun, RunRecorder } from './run-recorder.ts';

export interface MonitorFiring {
  readonly runName: string;
  readonly schedule: string;
  readonly firedAtMs: number;
  readonly definition: MonitorDefinition;
}

/** Never rejects. */
export async function runMonitor(
  context: InputContext,
  recorder: RunRecorder,
  { runName, schedule, firedAtMs, definition }: MonitorFiring,
): Promise<MonitorRun> {
  const run = recorder.begin({ name: runName, schedule, displayName: `${schedule} monitor` });
  run.enter('Running');
  const signals: SignalReport[] = [];
  for (const [name, signal] of Object.entries(definition.signals)) {
    if (!('productionData' in signal)) continue;
    const step = recorder.begin({ name: stepName(runName, name), schedule, displayName: name, parentName: runName });
    signals.push(await runSignal(context, step, { name, signal, firedAtMs }));
  }
  const failed = signals.find(({ state }) => state === 'Failed');
  const kept = { name: runName, schedule, firedAtMs, signals };
  if (!failed) {
    run.enter('Completed');
    return { ...kept, state: 'Completed' };
  }
  const error = `Signal '${failed.signal}': ${failed.error}`;
  run.fail('UserError', error);
  return { ...kept, state: 'Failed', error };
}

async function runSignal(
  context: InputContext,
  step: RecordedRun,
  { name, signal, firedAtMs }: { readonly name: string; readonly signal: MonitorSignal; readonly firedAtMs: number },
): Promise<SignalReport> {
  step.enter('Running');
  let [referenceRows, productionRows] = [0, 0];
  try {
    const production = await readInput(context, signal.productionData, firedAtMs);
    productionRows = production.rows;
    const reference = await readInput(context, signal.referenceData, firedAtMs);
    referenceRows = reference.rows;
    const results = evaluateSignal(signal, reference, production);
    const breach = breachText(name, results);
    if (breach !== undefined) step.setTags({ [BREACH_TAG]: breach });
    step.enter('Completed');
    const report = { signal: name, state: 'Completed', referenceRows, productionRows, results } as const;
    return breach === undefined ? report : { ...report, breach };
  } catch (cause) {
    const isExpected = cause instanceof MonitorFailure;
    const error = isExpected ? cause.message : `The signal could not be computed: ${String(cause)}`;
    step.fail(isExpected ? 'UserError' : 'SystemError', error);
    return { signal: name, state: 'Failed', referenceRows, productionRows, results: [], error };
  }
}

function stepName(runName: string, signal: string): string {
  return `${runName}-${signal.replace(/[^a-zA-Z0-9_-]/g, '-')}`.slice(0, 255);
}
