/** What a rollout asks its activities, in order and in full, for each variant of a policy and each way out. */
import { describe, expect, it } from 'vitest';
import type { ModelName, ModelVersion } from '../../../src/domain/ids/names.ts';
import { deploymentNameOf } from '../../../src/domain/ids/names.ts';
import type { RolloutPolicy } from '../../../src/domain/policy/policy.ts';
import type { RolloutCommand } from '../../../src/domain/rollout/command.ts';
import { isFinal } from '../../../src/domain/rollout/phase.ts';
import { aPolicy } from '../domain/a-policy.ts';
import { journalOf } from './journal.ts';
import { type Behaviour, HEALTHY } from './simulated-azure.ts';
import { openVirtualApp, type VirtualApp } from './virtual-app.ts';

const GREEN = deploymentNameOf('air-time' as ModelName, '2' as ModelVersion);
const KEEP_GREEN = { keep: { blue: 'delete', rejectedGreen: 'keep' } } as const;

interface Story {
  readonly policy?: Partial<RolloutPolicy>;
  readonly green?: Partial<Behaviour>;
  readonly before?: (app: VirtualApp) => void;
  readonly inPhase?: string;
  readonly command?: RolloutCommand;
}

async function journal({ policy, green, before, inPhase, command }: Story): Promise<readonly string[]> {
  const app = await openVirtualApp();
  app.azure.greenBehaviour = { ...HEALTHY, ...green };
  before?.(app);
  const id = await app.start(aPolicy({ approval: null, ...policy }), '2');
  if (inPhase && command) {
    await app.until(id, (trail) => trail.at(-1)?.phase === inPhase);
    await app.post(id, command);
  }
  await app.until(id, (trail) => trail.some(({ phase }) => isFinal(phase)));
  await app.runMinutes(1);
  return journalOf(app, GREEN);
}

const begin = (blueInstances: number) => [
  '= preparing',
  '= deploying',
  `create green: 2 instances, blue has ${blueInstances}`,
];
const CREATED = begin(3);
const TESTED = [...CREATED, '= smoke-testing', 'smoke test green: 3000 ms'];
const MIRRORED = [
  '= mirroring',
  'shift to blue 100 % (mirror: green 20 %), own splits 6',
  '= shadowing',
  'judge green against blue: shadowing, 5 buckets',
];
const AT_10 = [
  '= shifting',
  'shift to green 10 %, blue 90 %, own splits 6',
  '= watching',
  'judge green against blue: watching, 5 buckets',
];
const AT_50 = [
  '= shifting',
  'shift to green 50 %, blue 50 %, own splits 6',
  '= watching',
  'judge green against blue: watching, 5 buckets, last step',
];
const BAKED = [
  '= promoting',
  'shift to green 100 % (mirror: blue 20 %), own splits 6',
  '= baking',
  'judge green against blue: baking, 5 buckets, last step',
];
const RETIRED = [
  '= retiring',
  'shift to green 100 %, own splits 6',
  'delete blue',
  'shift to green 100 %, own splits 6',
  '= promoted',
  'tag 2 live',
];
/** The first write is made even where a read shows the old split already; the end comes after a read that shows it. */
const RESTORED = ['= rolling-back', 'shift to blue 100 %, force, rewrite', 'shift to blue 100 %, force'];
const GREEN_DELETED = ['delete green', 'shift to blue 100 %, force', '= rolled-back', 'tag 2 rejected'];
const GREEN_KEPT = ['= rolled-back', 'tag 2 rejected'];

describe('a good version', () => {
  it('gets every step, blue gets copies in the bake, and blue is deleted', async () => {
    expect(await journal({})).toEqual([...TESTED, ...MIRRORED, ...AT_10, ...AT_50, ...BAKED, ...RETIRED]);
  });

  it('without a shadow begins at its first step, and is compared in the bake with blue as it was', async () => {
    expect(await journal({ policy: { shadow: null } })).toEqual([
      ...TESTED,
      ...AT_10,
      ...AT_50,
      '= promoting',
      'shift to green 100 %, own splits 6',
      '= baking',
      'judge green against blue: baking, 5 buckets, last step, blue as it was',
      ...RETIRED,
    ]);
  });

  it('without steps is promoted after a shadow that counts as the last step', async () => {
    const lines = [
      ...TESTED,
      ...MIRRORED.slice(0, -1),
      'judge green against blue: shadowing, 5 buckets, last step',
      ...BAKED,
      ...RETIRED,
    ];
    const own = lines.map((line) => line.replace('own splits 6', 'own splits 4'));
    expect(await journal({ policy: { steps: [] } })).toEqual(own);
  });

  it('leaves blue where the policy keeps it', async () => {
    const keep = { blue: 'keep', rejectedGreen: 'delete' } as const;
    expect(await journal({ policy: { keep } })).toEqual([
      ...TESTED,
      ...MIRRORED,
      ...AT_10,
      ...AT_50,
      ...BAKED,
      '= retiring',
      'shift to green 100 %, own splits 6',
      '= promoted',
      'tag 2 live',
    ]);
  });

  it('on an endpoint without traffic is promoted at once, and there is nothing to compare or to delete', async () => {
    const before = (app: VirtualApp) => app.azure.changeTrafficByHand({ traffic: {}, mirror: {} });
    expect(await journal({ before })).toEqual([
      ...begin(0),
      '= smoke-testing',
      'smoke test green: 3000 ms',
      '= promoting',
      'shift to green 100 %, own splits 6',
      '= retiring',
      'shift to green 100 %, own splits 6',
      '= promoted',
      'tag 2 live',
    ]);
  });

  it('promoted by hand from its shadow skips the steps and not the bake', async () => {
    const command = { type: 'promote', by: 'ada', reason: 'r' } as const;
    expect(await journal({ inPhase: 'shadowing', command })).toEqual([...TESTED, ...MIRRORED, ...BAKED, ...RETIRED]);
  });
});

describe('a bad version', () => {
  it('that the shadow shows never gets a share; where green is kept, the end waits for the old split all the same', async () => {
    expect(await journal({ policy: KEEP_GREEN, green: { errorRate: 0.1 } })).toEqual([
      ...TESTED,
      ...MIRRORED,
      ...RESTORED,
      ...GREEN_KEPT,
    ]);
  });

  it('that the first step shows is deleted after the old split is back', async () => {
    expect(await journal({ policy: { shadow: null }, green: { errorRate: 0.1 } })).toEqual([
      ...TESTED,
      ...AT_10,
      ...RESTORED,
      ...GREEN_DELETED,
    ]);
  });

  it.each([
    ['fails its smoke test', { smokeStatus: 424 }, TESTED],
    ['never becomes ready', { readyAfterMs: null }, CREATED],
  ])('that %s is deleted, and the traffic that was never changed is not written', async (_case, green, lines) => {
    expect(await journal({ green })).toEqual([
      ...lines,
      '= rolling-back',
      'delete green',
      '= rolled-back',
      'tag 2 rejected',
    ]);
  });

  it.each([
    ['fails its smoke test', { smokeStatus: 424 }, TESTED],
    ['never becomes ready', { readyAfterMs: null }, CREATED],
  ])('that %s stays where the policy keeps it', async (_case, green, lines) => {
    expect(await journal({ policy: KEEP_GREEN, green })).toEqual([...lines, '= rolling-back', ...GREEN_KEPT]);
  });
});

describe('an abort', () => {
  const command = { type: 'abort', by: 'ada', reason: 'r' } as const;
  const WATCHED = [...TESTED, ...MIRRORED, ...AT_10];
  it.each([
    ['watching', {}, [...WATCHED, ...RESTORED, ...GREEN_DELETED]],
    ['watching', KEEP_GREEN, [...WATCHED, ...RESTORED, ...GREEN_KEPT]],
    ['baking', {}, [...WATCHED, ...AT_50, ...BAKED, ...RESTORED, ...GREEN_DELETED]],
    ['baking', KEEP_GREEN, [...WATCHED, ...AT_50, ...BAKED, ...RESTORED, ...GREEN_KEPT]],
    ['deploying', KEEP_GREEN, [...CREATED, '= rolling-back', ...GREEN_KEPT]],
  ])('in %s with %j puts the old split back first', async (inPhase, policy, expected) => {
    expect(await journal({ policy, inPhase, command })).toEqual(expected);
  });
});
