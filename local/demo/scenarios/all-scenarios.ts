/** The demo's scenarios in their order: two retrained versions go live, five others are turned back by five different causes. */
import { ENDPOINT } from '../azure/scenario-names.ts';
import { registeredBy, retrainOnDrift, WINDOW_MS } from '../retraining/retrain-on-drift.ts';
import { ABORTED, abortHalfWay } from './abort-half-way.ts';
import { answerApproval, REFUSALS } from './answer-approval.ts';
import { HELD, PROMOTED, slowClientsInTheBake, stormAfterHaste } from './latency-alert.ts';
import { promoted, rolledBack } from './outcome.ts';
import { both, type Scenario } from './scenario.ts';

/** An answer is bad for a client when it takes more than twice what 95 of 100 took before. */
const SLOW_FACTOR = 2;
const SUMMER = 'replay';

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
    name: 'a version promoted by hand that becomes slow in its bake is turned back by a latency alert',
    version: '6',
    expected: rolledBack('2', 'latency-alert'),
    expectedChecks: [PROMOTED],
    isBadAnswer: ({ status, latencyMs }, usualP95Ms) => status !== 200 || latencyMs > SLOW_FACTOR * usualP95Ms,
    interfere: stormAfterHaste('6', SUMMER),
    end: ({ latencyRules }) => latencyRules.remove(ENDPOINT),
  },
  {
    name: 'an operator aborts a rollout half-way',
    version: '7',
    // Winter comes: the next scenario is about what the monitor makes of it.
    replay: 'replay-winter',
    expected: rolledBack('2', 'aborted'),
    expectedChecks: [ABORTED],
    interfere: abortHalfWay('7'),
  },
  {
    name: 'a second drift, on the version that was retrained, leads to the next one; an alert about both does not turn it back',
    version: '8',
    begin: retrainOnDrift({ rows: 'rows-winter', assetVersion: '92', version: '8', forgetsMs: WINDOW_MS }),
    expected: promoted('8'),
    expectedChecks: [registeredBy('8'), ...REFUSALS, ...HELD],
    interfere: (context, checks) =>
      both(answerApproval('8')(context, checks), slowClientsInTheBake('8')(context, checks)),
    end: async ({ traffic, latencyRules }) => {
      traffic.slowUploads(0);
      await latencyRules.remove(ENDPOINT);
    },
  },
];
