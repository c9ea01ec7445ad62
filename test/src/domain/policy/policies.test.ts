import { describe, expect, it } from 'vitest';
import type { EndpointName, ModelName } from '../../../../src/domain/ids/names.ts';
import { createPolicies, isRetrained } from '../../../../src/domain/policy/policies.ts';
import { aPolicy } from '../a-policy.ts';
import { aRetrainingPolicy } from '../a-retraining-policy.ts';

const TRIGGERS = aRetrainingPolicy().triggers;

/** Two models that share an endpoint, and one model on two endpoints. */
function policy(name: string, model: string, endpoint: string, watches?: Partial<typeof TRIGGERS>) {
  const retrain = watches
    ? aRetrainingPolicy({ triggers: { ...TRIGGERS, drift: null, newData: null, ...watches } })
    : null;
  return aPolicy({ name, model: model as ModelName, endpoint: endpoint as EndpointName, retrain });
}

const MONITOR = { drift: { monitor: 'flights', confirm: 'off' } } as const;
const BLOBS = { newData: { container: 'data', prefix: 'flights/', dataAsset: null } } as const;
const policies = createPolicies([
  policy('a', 'air-time', 'departures'),
  policy('b', 'air-time', 'flights', MONITOR),
  policy('c', 'delay', 'flights', BLOBS),
  policy('d', 'delay', 'arrivals', { ...MONITOR, ...BLOBS }),
]);
const namesOf = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

describe('policies', () => {
  it('are found by what they name, in the order of their files', () => {
    expect(namesOf(policies.all())).toEqual(['a', 'b', 'c', 'd']);
    expect(namesOf(policies.retrained())).toEqual(['b', 'c', 'd']);
    expect(policies.endpoints()).toEqual(['departures', 'flights', 'arrivals']);
    expect(namesOf(policies.ofModel('air-time'))).toEqual(['a', 'b']);
    expect(namesOf(policies.ofEndpoint('flights'))).toEqual(['b', 'c']);
    expect(policies.ofModel('flights')).toEqual([]);
    expect(policies.ofEndpoint('delay')).toEqual([]);
  });

  it('govern a model on an endpoint: one or none', () => {
    expect(policies.governing('departures', 'air-time')?.name).toBe('a');
    expect(policies.governing('flights', 'air-time')?.name).toBe('b');
    expect(policies.governing('arrivals', 'delay')?.name).toBe('d');
    expect(policies.governing('arrivals', 'air-time')).toBeNull();
    expect(policies.governing('departures', 'delay')).toBeNull();
  });

  it.each([
    ['the only policy of a model on an endpoint', { model: 'delay', endpoint: 'arrivals' }, 'd'],
    ['no policy where the endpoint is another', { model: 'air-time', endpoint: 'arrivals' }, 'none'],
    ['no policy where the model is another', { model: 'speed' }, 'none'],
    ['several where the endpoint is not said', { model: 'air-time' }, 'several of 2'],
  ])('are meant by a hint: %s', (_what, hint, expected) => {
    const meant = policies.meantBy(hint);
    const told =
      meant.kind === 'one' ? meant.policy.name : meant.kind === 'several' ? `several of ${meant.count}` : 'none';
    expect(told).toBe(expected);
  });

  it('that do not retrain are not meant where a retraining is asked for', () => {
    expect(policies.retrainedMeantBy({ model: 'air-time' })).toMatchObject({ kind: 'one', policy: { name: 'b' } });
    expect(policies.retrainedMeantBy({ model: 'air-time', endpoint: 'departures' })).toEqual({ kind: 'none' });
    expect(policies.retrainedMeantBy({ model: 'delay' })).toEqual({ kind: 'several', count: 2 });
    expect(policies.all().map(isRetrained)).toEqual([false, true, true, true]);
  });

  it.each([
    ['flights', ['b', 'd']],
    ['flights_drift', ['b', 'd']],
    ['flightsdrift', []],
    ['flight', []],
  ])('watch the signal %s of a monitor', (name, expected) => {
    expect(namesOf(policies.watching({ kind: 'monitor', name }))).toEqual(expected);
  });

  it.each([
    ['data', 'flights/1.csv', ['c', 'd']],
    ['data', 'other/flights/1.csv', []],
    ['raw', 'flights/1.csv', []],
  ])('watch the blob %s/%s', (container, name, expected) => {
    expect(namesOf(policies.watching({ kind: 'blob', container, name }))).toEqual(expected);
  });

  it('do not change with the list that they were made from', () => {
    const list = [policy('a', 'air-time', 'departures')];
    const made = createPolicies(list);
    list.pop();
    expect(made.all()).toHaveLength(1);
  });
});
