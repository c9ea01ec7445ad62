/** The model versions that the demo registers: which period each was trained on, and what is wrong with it. */

/**
 * `model` is train.py's choice of estimator; `variant` a folder of examples/flights/variants laid over the code.
 * @type {readonly { version: string, trainFrom: string, trainTo: string, model: 'boosting' | 'forest', variant?: string }[]}
 */
export const demoVersions = [
  { version: '1', trainFrom: '2013-01-01', trainTo: '2013-03-31', model: 'boosting' },
  { version: '2', trainFrom: '2013-01-01', trainTo: '2013-06-30', model: 'boosting' },
  { version: '3', trainFrom: '2013-01-01', trainTo: '2013-06-30', model: 'forest' },
  { version: '4', trainFrom: '2013-02-01', trainTo: '2013-06-30', model: 'boosting', variant: 'failing' },
  { version: '5', trainFrom: '2013-03-01', trainTo: '2013-06-30', model: 'boosting', variant: 'never-ready' },
  { version: '6', trainFrom: '2013-04-01', trainTo: '2013-06-30', model: 'boosting', variant: 'slow-in-storms' },
  { version: '7', trainFrom: '2013-04-01', trainTo: '2013-06-30', model: 'boosting' },
];

/** The period whose flights the demo replays: later than anything a version was trained on. */
export const replay = { from: '2013-07-01', to: '2013-09-30', count: 4000, seed: 7 };

/**
 * What the retraining of the demo needs, as `.slipway/data/<name>.jsonl`: rows to train on as they arrive, and the
 * reference that a drift monitor compares with.
 * @type {readonly { name: string, from: string, to: string, shape: 'labelled' | 'features' | 'replay', count: number, seed: number }[]}
 */
export const datasets = [
  { name: 'reference', from: '2013-01-01', to: '2013-03-31', shape: 'features', count: 4000, seed: 7 },
  { name: 'rows-summer', from: '2013-07-01', to: '2013-09-30', shape: 'labelled', count: 8000, seed: 7 },
  { name: 'rows-summer-more', from: '2013-07-01', to: '2013-09-30', shape: 'labelled', count: 8000, seed: 8 },
  { name: 'rows-winter', from: '2013-10-01', to: '2013-12-31', shape: 'labelled', count: 8000, seed: 7 },
  { name: 'replay-winter', from: '2013-11-01', to: '2013-12-31', shape: 'replay', count: 4000, seed: 7 },
];
