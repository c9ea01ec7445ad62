/** What the demo needs: its models (what each was trained on, and what is wrong with it) and its rows. */

/**
 * `estimator` is train.py's choice; `variant` a folder of examples/flights/variants that is laid over the code.
 * The first two are all that the demo's first story needs.
 * @type {readonly { name: string, from: string, to: string, estimator: 'boosting' | 'forest', variant?: string }[]}
 */
export const demoModels = [
  { name: 'winter', from: '2013-01-01', to: '2013-03-31', estimator: 'boosting' },
  { name: 'winter-and-april', from: '2013-01-01', to: '2013-04-30', estimator: 'boosting' },
  { name: 'heavy', from: '2013-01-01', to: '2013-06-30', estimator: 'forest' },
  { name: 'failing', from: '2013-02-01', to: '2013-06-30', estimator: 'boosting', variant: 'failing' },
  { name: 'never-ready', from: '2013-03-01', to: '2013-06-30', estimator: 'boosting', variant: 'never-ready' },
  { name: 'slow-in-storms', from: '2013-04-01', to: '2013-06-30', estimator: 'boosting', variant: 'slow-in-storms' },
  { name: 'spring', from: '2013-04-01', to: '2013-06-30', estimator: 'boosting' },
];

/**
 * Rows as `.slipway/data/<name>.jsonl`. `replay` is what clients send at first: flights later than any model's training.
 * The others are rows to retrain on as they arrive, and the reference that a drift monitor compares with.
 * @type {readonly { name: string, from: string, to: string, shape: 'labelled' | 'features' | 'replay', count: number, seed: number }[]}
 */
export const demoRows = [
  { name: 'replay', from: '2013-07-01', to: '2013-09-30', shape: 'replay', count: 4000, seed: 7 },
  { name: 'reference', from: '2013-01-01', to: '2013-03-31', shape: 'features', count: 4000, seed: 7 },
  { name: 'rows-summer', from: '2013-07-01', to: '2013-09-30', shape: 'labelled', count: 8000, seed: 7 },
  { name: 'rows-summer-more', from: '2013-07-01', to: '2013-09-30', shape: 'labelled', count: 8000, seed: 8 },
  { name: 'rows-winter', from: '2013-10-01', to: '2013-12-31', shape: 'labelled', count: 8000, seed: 7 },
  { name: 'replay-winter', from: '2013-11-01', to: '2013-12-31', shape: 'replay', count: 4000, seed: 7 },
];

export const FIRST_STORY = { models: ['winter', 'winter-and-april'], rows: ['replay'] };
