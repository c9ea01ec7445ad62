/** The demo's scenarios in their order: two retrained versions go live, four others are turned back by four different causes. */
import { registeredBy, retrainOnDrift, WINDOW_MS } from '../retraining/retrain-on-drift.ts';
import { ABORTED, abortHalfWay } from './abort-half-way.ts';
import { answerApproval, REFUSALS } from './answer-approval.ts';
import { promoted, rolledBack } from './outcome.ts';
import type { Scenario } from './scenario.ts';

/** An answer is bad for a client when it takes more than twice what 95 of 100 took before. */
const SLOW_FACTOR = 2;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'drift is found and retrained; the new version goes live after an approval',
    version: '2',
    begin: retrainOnDrift({ rows: 'rows-summer', assetVersion: '1', version: '2' }),
    expected: promoted('2'),
    expectedChecks: [registeredBy('2'), ...REFUSALS],
    interfere: answerApproval('2'),
  },
  {
    name: 'a slow version is turned back',
    version: '3',
    expected: rolledBack('2', 'canary-failed', 'latency'),
    expectedChecks: [],
    isBadAnswer: ({ status, latencyMs }, usualP95Ms) => status !== 200 || latencyMs > SLOW_FACTOR * usualP95Ms,
  },
  {
    name: 'a version that fails on some rows is turned back',
    version: '4',
    expected: rolledBack('2', 'canary-failed', 'errors'),
    expectedChecks: [],
  },
  {
    name: 'a version that never becomes ready is turned back',
    version: '5',
    expected: rolledBack('2', 'deployment-failed'),
    expectedChecks: [],
  },
  {
    name: 'an operator aborts a rollout half-way',
    version: '6',
    // Winter comes: the next scenario is about what the monitor makes of it.
    replay: 'replay-winter',
    expected: rolledBack('2', 'aborted'),
    expectedChecks: [ABORTED],
    interfere: abortHalfWay('6'),
  },
  {
    name: 'a second drift, on the version that was retrained, leads to the next one',
    version: '7',
    begin: retrainOnDrift({ rows: 'rows-winter', assetVersion: '92', version: '7', forgetsMs: WINDOW_MS }),
    expected: promoted('7'),
    expectedChecks: [registeredBy('7'), ...REFUSALS],
    interfere: answerApproval('7'),
  },
];
