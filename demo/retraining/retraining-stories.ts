/** Retrainings that must come to nothing: each ends before anything is registered, and the demo says why. */

import { ROWS_ASSET, registerRows } from '../azure/upload-rows.ts';
import type { DemoContext, RetrainingStory } from '../stories/story.ts';
import { watchRetraining } from './watch-retraining.ts';

/** How the gate tells a difference that it measured, in contrast to rows that are too few. */
const MEASURED = /the difference is at most/;

export const UNLABELLED_DATA: RetrainingStory = {
  kind: 'retraining',
  name: 'unlabelled-data',
  title: 'data without labels is refused before a job is paid for',
  expected: 'data-refused; job: none',
  run: (context) => askFor(context, '90', 'reference'),
};

/** Its champion must have been trained on the summer: more of the same months teaches nothing new. */
export const NO_BETTER_CHALLENGER: RetrainingStory = {
  kind: 'retraining',
  name: 'no-better-challenger',
  title: 'a challenger that is not better is not registered',
  expected: 'gate-failed; job: submitted; measured on the same rows as the champion',
  run: (context) => askFor(context, '91', 'rows-summer-more'),
};

/** An operator registers these rows and asks for a retraining on them. */
async function askFor({ arm, app, files, say }: DemoContext, assetVersion: string, rows: string): Promise<string> {
  const sinceMs = Date.now();
  await registerRows(arm, files, ROWS_ASSET, assetVersion, rows);
  const { status, code } = await app.retrain(`Try ${rows}.jsonl.`);
  if (status !== 202) throw new Error(`The retraining was not started: ${status} ${code}`);
  const { phase, note, jobName, version } = await watchRetraining(app, 'http', sinceMs, say);
  const registered = version === null ? '' : `; registered version ${version}`;
  const measured = MEASURED.test(note) ? '; measured on the same rows as the champion' : '';
  return `${phase}; job: ${jobName === null ? 'none' : 'submitted'}${measured}${registered}`;
}
