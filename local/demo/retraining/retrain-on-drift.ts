/** The world has changed: the monitor finds drift, and the app makes the next version by itself. */
import { sleep, systemClock } from '../../emulator/clock.ts';
import type { DemoContext } from '../scenarios/scenario.ts';
import { ROWS_ASSET, registerRows } from './upload-rows.ts';
import { watchRetraining } from './watch-retraining.ts';

export interface DriftStory {
  /** The labelled rows that have arrived, and the version of the data asset that they become. */
  readonly rows: string;
  readonly assetVersion: string;
  /** Rows that clients send from now on; those of before when absent. */
  readonly replay?: string;
  readonly version: string;
}

/** Longer than the window in which the demo's monitor and policy look for drift. */
const WINDOW_MS = 62_000;
/** Collected rows reach storage a little after their requests. */
const COLLECTED_MS = 6000;

export function retrainOnDrift({ rows, assetVersion, replay, version }: DriftStory) {
  return async ({ arm, app, files, traffic, replayRows, runMonitor, say }: DemoContext, checks: string[]) => {
    const sinceMs = Date.now();
    await registerRows(arm, files, ROWS_ASSET, assetVersion, rows);
    say(`New rows arrived: ${ROWS_ASSET}:${assetVersion} (${rows}.jsonl)`);
    if (replay !== undefined) {
      traffic.replay(await replayRows(replay));
      say(`Clients now send ${replay}.jsonl; the monitor looks at the last minute, so it waits for one`);
    }
    await sleep(systemClock, replay === undefined ? COLLECTED_MS : WINDOW_MS);
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
