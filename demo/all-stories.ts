/** The demo's stories in their order: three new versions go live, five are turned back, two retrainings come to nothing. */
import { ENDPOINT } from './azure/scenario-names.ts';
import { registeredBy, retrainOnDrift, WINDOW_MS } from './retraining/retrain-on-drift.ts';
import { NO_BETTER_CHALLENGER, UNLABELLED_DATA } from './retraining/retraining-stories.ts';
import { ABORTED, abortHalfWay } from './stories/abort-half-way.ts';
import { answerApproval, REFUSALS } from './stories/answer-approval.ts';
import { HELD, PROMOTED, slowClientsInTheBake, stormAfterHaste } from './stories/latency-alert.ts';
import { promoted, rolledBack } from './stories/outcome.ts';
import { both, type RolloutStory, type Story } from './stories/story.ts';

/** An answer is bad for a client when it takes more than twice what 95 of 100 took before. */
const SLOW_FACTOR = 2;
const SUMMER = 'replay';
const DRIFT = 'drift';

const isSlowOrFailed: NonNullable<RolloutStory['isBadAnswer']> = ({ status, latencyMs }, usualP95Ms) =>
  status !== 200 || latencyMs > SLOW_FACTOR * usualP95Ms;

const FIRST: RolloutStory = {
  kind: 'rollout',
  name: 'good-version',
  title: 'a version trained on one more month goes live after an approval',
  model: 'winter-and-april',
  interfere: answerApproval,
  expected: ({ version }) => ({ outcome: promoted(version), checks: REFUSALS }),
};

const DRIFT_IN_SUMMER: RolloutStory = {
  kind: 'rollout',
  name: DRIFT,
  title: 'drift is found and retrained; the new version goes live after an approval',
  begin: retrainOnDrift({ rows: 'rows-summer', assetVersion: '1' }),
  interfere: answerApproval,
  expected: ({ version }) => ({ outcome: promoted(version), checks: [registeredBy(version), ...REFUSALS] }),
};

const HEAVY: RolloutStory = {
  kind: 'rollout',
  name: 'slow-version',
  title: 'a slow version is turned back',
  model: 'heavy',
  isBadAnswer: isSlowOrFailed,
  expected: ({ champion }) => ({ outcome: rolledBack(champion, 'canary-failed', 'latency'), checks: [] }),
};

const FAILING: RolloutStory = {
  kind: 'rollout',
  name: 'failing-version',
  title: 'a version that fails on some rows is turned back',
  model: 'failing',
  expected: ({ champion }) => ({ outcome: rolledBack(champion, 'canary-failed', 'errors'), checks: [] }),
};

const NEVER_READY: RolloutStory = {
  kind: 'rollout',
  name: 'never-ready',
  title: 'a version that never becomes ready is turned back',
  model: 'never-ready',
  expected: ({ champion }) => ({ outcome: rolledBack(champion, 'deployment-failed'), checks: [] }),
};

const SLOW_IN_STORMS: RolloutStory = {
  kind: 'rollout',
  name: 'latency-alert',
  title: 'a version promoted by hand that becomes slow in its bake is turned back by a latency alert',
  model: 'slow-in-storms',
  isBadAnswer: isSlowOrFailed,
  replay: SUMMER,
  interfere: stormAfterHaste,
  end: async ({ clients, latencyRules }) => {
    await latencyRules.remove(ENDPOINT);
    await clients.send(SUMMER);
  },
  expected: ({ champion }) => ({ outcome: rolledBack(champion, 'latency-alert'), checks: [PROMOTED] }),
};

const ABORTED_HALF_WAY: RolloutStory = {
  kind: 'rollout',
  name: 'abort',
  title: 'an operator aborts a rollout half-way',
  model: 'spring',
  // Winter comes: the next story is about what the monitor makes of it.
  replay: 'replay-winter',
  interfere: abortHalfWay,
  expected: ({ champion }) => ({ outcome: rolledBack(champion, 'aborted'), checks: [ABORTED] }),
};

const DRIFT_IN_WINTER: RolloutStory = {
  kind: 'rollout',
  name: 'second-drift',
  title:
    'a second drift, on the version that was retrained, leads to the next one; an alert about both does not stop it',
  needs: [DRIFT],
  replay: 'replay-winter',
  begin: retrainOnDrift({ rows: 'rows-winter', assetVersion: '92', forgetsMs: WINDOW_MS }),
  interfere: (context, run) => both(answerApproval(context, run), slowClientsInTheBake(context, run)),
  end: async ({ traffic, latencyRules }) => {
    traffic.slowUploads(0);
    await latencyRules.remove(ENDPOINT);
  },
  expected: ({ version }) => ({
    outcome: promoted(version),
    checks: [registeredBy(version), ...REFUSALS, ...HELD],
  }),
};

export const STORIES: readonly Story[] = [
  FIRST,
  DRIFT_IN_SUMMER,
  UNLABELLED_DATA,
  { ...NO_BETTER_CHALLENGER, needs: [DRIFT] },
  HEAVY,
  FAILING,
  NEVER_READY,
  SLOW_IN_STORMS,
  ABORTED_HALF_WAY,
  DRIFT_IN_WINTER,
];

/** What set-up prepares before the demo starts is enough for this one; the others wait for the rest. */
export const FIRST_STORY = FIRST;
