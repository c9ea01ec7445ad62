/** The calls of activities that a rollout of version 2 of air-time makes on the virtual app, written out. */
import type { RolloutPolicy } from '../../../src/domain/policy/policy.ts';
import type { TrafficSplit } from '../../../src/domain/rollout/traffic-split.ts';
import { aPolicy } from '../domain/a-policy.ts';
import type { Asked } from './story-of.ts';

export const ROLLOUT = 'rollout.flights.air-time.2.1';
export const BLUE = 'air-time-1c824042';
export const GREEN = 'air-time-1b823eaf';

export const OLD: TrafficSplit = { traffic: { [BLUE]: 100 }, mirror: {} };
export const SHADOW: TrafficSplit = { traffic: { [BLUE]: 100 }, mirror: { [GREEN]: 20 } };
export const TEN: TrafficSplit = { traffic: { [GREEN]: 10, [BLUE]: 90 }, mirror: {} };
export const HALF: TrafficSplit = { traffic: { [GREEN]: 50, [BLUE]: 50 }, mirror: {} };
export const ALL: TrafficSplit = { traffic: { [GREEN]: 100 }, mirror: {} };
export const BAKE: TrafficSplit = { traffic: { [GREEN]: 100 }, mirror: { [BLUE]: 20 } };

export const assess: Asked = [
  'assessVersion',
  { endpoint: 'flights', model: 'air-time', version: '2', rolloutId: ROLLOUT, attempt: 1 },
];
export const snapshot: Asked = ['takeSnapshot', { endpoint: 'flights', green: GREEN }];
export const readTraffic: Asked = ['readTraffic', { endpoint: 'flights' }];

export function create(blueInstanceCount: number): Asked {
  const known = { endpoint: 'flights', deployment: GREEN, model: 'air-time', version: '2', rolloutId: ROLLOUT };
  return ['createGreen', { ...known, template: aPolicy().deployment, blueInstanceCount }];
}

export function read(deployment: string): Asked {
  return ['readDeployment', { endpoint: 'flights', deployment }];
}

export function remove(deployment: string): Asked {
  return ['deleteDeployment', { endpoint: 'flights', deployment }];
}

export const smoke: Asked = [
  'smokeTest',
  {
    endpoint: 'flights',
    deployment: GREEN,
    smokeTest: { requests: [{ name: 'one', body: {}, expect: { type: 'number' } }] },
    timeoutMs: 3000,
  },
];

/** Towards a split, over the rollout's own splits only. */
export function shift(wanted: TrafficSplit, expected: readonly TrafficSplit[]): Asked {
  return ['shiftTraffic', { endpoint: 'flights', wanted, expected, force: false, rewrite: false }];
}

/** Towards a split, whatever is there. */
export function force(wanted: TrafficSplit, rewrite: boolean): Asked {
  return ['shiftTraffic', { endpoint: 'flights', wanted, expected: [], force: true, rewrite }];
}

interface Stretch {
  readonly phase: 'shadowing' | 'watching' | 'baking';
  readonly dwellBuckets: number;
  readonly lastStep: boolean;
  readonly blueServed: boolean;
}

export function judge(policy: RolloutPolicy, stretch: Stretch): Asked {
  const known = { endpoint: 'flights', rolloutId: ROLLOUT, green: GREEN, blue: BLUE, policy: policy.canary };
  return ['judgeTraffic', { ...known, stretch: { ...stretch, sinceMs: 0 }, shiftAccepted: false }];
}

export function tag(status: 'live' | 'rejected' | 'superseded', reason: string): Asked {
  const tags = { 'slipway-status': status, 'slipway-reason': reason, 'slipway-rollout': ROLLOUT };
  return ['tagVersion', { model: 'air-time', version: '2', tags }];
}
