/** The judge's options as a policy has them that says nothing else, without warm-up where a rollout names its own. */
import type { CanaryPolicy } from '../../../src/domain/judge/canary-policy.ts';
import { judgeOptions } from '../../../src/domain/judge/judge-options.ts';

export const DEFAULT_POLICY: CanaryPolicy = {
  bucketSeconds: 60,
  settleBuckets: 3,
  latestBuckets: 10,
  noDataBuckets: 3,
  warmUpBuckets: 3,
  soakBuckets: 10,
  horizonBuckets: 60,
  onHorizon: 'hold',
  alpha: 0.05,
  beta: 0.05,
  betaStep: 0.2,
  designEffect: { errors: 1, latency: 1, replica: null },
  errors: { margin: 0.002, promoteMargin: 0.0075 },
  latency: { margin: 0.1, promoteMargin: 0.35, promoteQuantiles: [50, 95, 99] },
  predictions: null,
  outcomes: null,
};

export const DEFAULT_OPTIONS = judgeOptions(DEFAULT_POLICY, { errors: 1, latency: 1, source: 'floor' });
