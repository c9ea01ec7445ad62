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
  { version: '6', trainFrom: '2013-04-01', trainTo: '2013-06-30', model: 'boosting' },
];

/** The period whose flights the demo replays: later than anything a version was trained on. */
export const replay = { from: '2013-07-01', to: '2013-09-30', count: 4000, seed: 7 };
