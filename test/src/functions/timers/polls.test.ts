/** Polls for what an event should have told: which versions are started, under which policy, and both ends of their age. */

import { beforeEach, describe, expect, it } from 'vitest';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import type { RetrainingState } from '../../../../src/domain/retraining/state.ts';
import type { RolloutState } from '../../../../src/domain/rollout/state.ts';
import { createPollData } from '../../../../src/functions/timers/poll-data.ts';
import { createPollModels } from '../../../../src/functions/timers/poll-models.ts';
import type { DataResolution } from '../../../../src/ports/data-assets.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { aRetrainingPolicy } from '../../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryPlatform } from '../../fakes/in-memory-platform.ts';

const DAY_MS = 86_400_000;
const clock = { nowMs: () => Date.parse(NOW) };
const agedMs = (ms: number) => new Date(Date.parse(NOW) - ms).toISOString();
const ELSEWHERE = aPolicy({ endpoint: 'flights-eu' as never });

let control: InMemoryControl;
beforeEach(() => {
  control = new InMemoryControl();
});

describe('polling models', () => {
  const platform = () => new InMemoryPlatform();
  const poll = (of: InMemoryPlatform, policies = [aPolicy()]) =>
    createPollModels({ platform: of, clock }, { policies: createPolicies(policies), maxEventAgeMs: DAY_MS })(control);
  const id = (version: string, endpoint = 'flights') => `rollout.${endpoint}.air-time.${version}.1`;

  it('starts the oldest first, for each policy of the model, and says why', async () => {
    const found = platform();
    found.addVersion('air-time' as never, '2', agedMs(2000));
    found.addVersion('air-time' as never, '3', agedMs(1000));
    expect(await poll(found, [aPolicy(), ELSEWHERE])).toEqual([
      id('2'),
      id('3'),
      id('2', 'flights-eu'),
      id('3', 'flights-eu'),
    ]);
    const states = [...control.instances.values()].map(({ input }) => input as RolloutState);
    expect(states.find(({ rolloutId }) => rolloutId === id('3', 'flights-eu'))).toMatchObject({
      cause: { kind: 'poll', reference: agedMs(1000) },
      attempt: 1,
      policy: ELSEWHERE,
      requestedAtIso: NOW,
    });
    expect(await poll(found, [aPolicy(), ELSEWHERE])).toEqual([]);
  });

  it('leaves alone what has an outcome and what is older than events may be', async () => {
    const found = platform();
    found.addVersion('air-time' as never, '1', agedMs(DAY_MS + 1));
    found.addVersion('air-time' as never, '2', agedMs(DAY_MS));
    found.addVersion('air-time' as never, '3', agedMs(0), { 'slipway-status': 'rejected' });
    expect(await poll(found)).toEqual([id('2')]);
  });

  it('looks at the five newest versions', async () => {
    const found = platform();
    const asked: unknown[] = [];
    found.listModelVersions = async (...input) => {
      asked.push(input);
      return [];
    };
    expect(await poll(found)).toEqual([]);
    expect(asked).toEqual([['air-time', 5]]);
  });

  it('is not kept from one model by another one that cannot be read', async () => {
    const found = platform();
    found.addVersion('air-time' as never, '2', agedMs(0));
    const list = found.listModelVersions.bind(found);
    const away = new Error('The registry is away.');
    found.listModelVersions = async (model, limit) => {
      if (model === 'other') throw away;
      return list(model, limit);
    };
    const polled = poll(found, [aPolicy({ model: 'other' as never }), aPolicy()]);
    await expect(polled).rejects.toMatchObject({ message: '1 of 2 models could not be polled.', errors: [away] });
    expect([...control.instances.keys()]).toEqual([id('2')]);
  });
});

describe('polling data', () => {
  const policy = (dataAsset: string | null) => {
    const { triggers } = aRetrainingPolicy();
    const newData = { container: 'data', prefix: 'flights/', dataAsset };
    return aPolicy({ retrain: aRetrainingPolicy({ triggers: { ...triggers, newData } }) });
  };
  const asked: string[] = [];
  const poll = (resolve: (source: string) => DataResolution, policies = [aPolicy(), policy(null), policy('rows')]) => {
    const assets = {
      resolve: async (source: string) => {
        asked.push(source);
        return resolve(source);
      },
    };
    return createPollData({ assets, clock }, { policies: createPolicies(policies), maxEventAgeMs: DAY_MS })(control);
  };
  const version = (createdAtIso: string | null, reference: string | null = 'azureml:rows:4'): DataResolution => ({
    ok: true,
    data: { reference, uri: 'u', kind: 'file', blobUrl: 'b', createdAtIso },
  });

  it('asks for the newest version and retrains on it, once', async () => {
    const started = await poll(() => version(agedMs(DAY_MS)));
    expect(asked).toEqual(['azureml:rows@latest']);
    expect(started).toEqual([...control.instances.keys()]);
    expect([...control.instances.values()].map(({ input }) => (input as RetrainingState).trigger)).toEqual([
      { kind: 'new-data', reference: 'azureml:rows:4', sentence: 'There is new data: azureml:rows:4.' },
    ]);
    expect(await poll(() => version(agedMs(0)))).toEqual([]);
  });

  it.each([
    ['is older than events may be', version(agedMs(DAY_MS + 1))],
    ['has no time', version(null)],
    ['has no version', version(agedMs(0), null)],
    ['is not there', { ok: false, reason: 'no' } as DataResolution],
  ])('starts nothing for data that %s', async (_what, found) => {
    expect(await poll(() => found)).toEqual([]);
    expect(control.instances.size).toBe(0);
  });

  it('tells what could not be polled', async () => {
    const away = new Error('The workspace is away.');
    const polled = poll(() => {
      throw away;
    });
    await expect(polled).rejects.toMatchObject({ message: '1 data assets could not be polled.', errors: [away] });
  });
});
