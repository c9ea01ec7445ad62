/** Retrainings that must come to nothing: each ends before anything is registered, and the demo says why. */
import type { DemoContext } from '../scenarios/scenario.ts';
import { ROWS_ASSET, registerRows } from './upload-rows.ts';
import { watchRetraining } from './watch-retraining.ts';

export interface RetrainingScenario {
  readonly name: string;
  readonly expected: string;
  /** What came of it, in the words of `expected`. */
  readonly run: (context: DemoContext) => Promise<string>;
}

/** How the gate tells a difference that it measured, in contrast to rows that are too few. */
const MEASURED = /the difference is at most/;

export const RETRAININGS: readonly RetrainingScenario[] = [
  {
    name: 'data without labels is refused before a job is paid for',
    expected: 'data-refused; job: none',
    run: (context) => askFor(context, '90', 'reference'),
  },
  {
    name: 'a challenger that is not better is not registered',
    expected: 'gate-failed; job: submitted; measured on the same rows as the champion',
    // More of the months that the champion was trained on: there is nothing new to learn from them.
    run: (context) => askFor(context, '91', 'rows-summer-more'),
  },
];

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
