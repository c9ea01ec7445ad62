/** The world has changed: the monitor finds drift, and the app makes the next version by itself. */
import { sleep, systemClock } from '../../local/emulator/clock.ts';
import { ROWS_ASSET, registerRows } from '../azure/upload-rows.ts';
import type { DemoContext, StoryRun } from '../stories/story.ts';
import { watchRetraining } from './watch-retraining.ts';

export interface DriftStory {
  /** The labelled rows that have arrived, and the version of the data asset that they become. */
  readonly rows: string;
  readonly assetVersion: string;
  /** How long clients must have sent their present rows before the monitor looks: until it has forgotten those of before. */
  readonly forgetsMs?: number;
}

/** Longer than the window in which the demo's monitor and policy look for drift. */
export const WINDOW_MS = 62_000;
/** A quarter of the rows is collected, and reaches storage a little after its requests; the comparison needs a hundred. */
const COLLECTED_MS = 14_000;

export function retrainOnDrift({ rows, assetVersion, forgetsMs = 0 }: DriftStory) {
  return async (
    { arm, app, files, traffic, runMonitor, say }: DemoContext,
    { version, checks }: StoryRun,
  ): Promise<void> => {
    const sinceMs = Date.now();
    await registerRows(arm, files, ROWS_ASSET, assetVersion, rows);
    say(`New rows arrived: ${ROWS_ASSET}:${assetVersion} (${rows}.jsonl)`);
    const waitMs = Math.max(COLLECTED_MS, traffic.replayingSinceMs() + forgetsMs - Date.now());
    await sleep(systemClock, waitMs);
    await runMonitor();
    say('The model monitor runs');
    const ended = await watchRetraining(app, 'drift', sinceMs, say);
    checks.push(`drift: ${ended.phase} version ${ended.version}`);
    if (ended.version !== version) throw new Error(`Expected version ${version}: ${ended.note}`);
  };
}

export function registeredBy(version: string): string {
  return `drift: registered version ${version}`;
}
