/** How an outcome is read from endpoint, tags and audit, and when it counts as expected. */
import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../demo/azure/read-audit.ts';
import type { EndpointReading } from '../../demo/azure/read-endpoint.ts';
import { isFinal, promoted, readOutcome, rolledBack } from '../../demo/stories/outcome.ts';

function endpoint(change: Partial<EndpointReading> = {}): EndpointReading {
  const blue = { name: 'flights-blue', modelVersion: '1', provisioningState: 'Succeeded' };
  return { scoringUri: '', traffic: { 'flights-blue': 100 }, mirror: {}, deployments: [blue], ...change };
}

function entry(change: Partial<AuditEntry>): AuditEntry {
  return {
    atIso: '2026-01-01T00:00:00Z',
    kind: 'phase-changed',
    phase: 'queued',
    reason: '',
    actor: '',
    code: null,
    ...change,
  };
}

const green = { name: 'flights-air-time-1', modelVersion: '2', provisioningState: 'Succeeded' };

describe('outcome', () => {
  test('the new version serving alone, tagged live, is a promotion', () => {
    const reading = endpoint({ traffic: { [green.name]: 100 }, deployments: [green] });
    const seen = readOutcome(reading, { 'slipway-status': 'live' }, [entry({ phase: 'promoted' })]);
    expect(seen).toEqual(promoted('2'));
  });

  test.each([
    ['Best explanation: all requests about 2 times as slow; 1 of 2 metrics agree (latency); 0 of 9 failed.', 'latency'],
    ['Best explanation: errors about 5 % of requests; 1 of 2 metrics agree (errors); 9 of 90 failed.', 'errors'],
    ['Green answered none of its last 20 requests, while blue answered 80.', 'errors'],
  ] as const)('the old split and a rollback because of "%s" names %s', (reason, metric) => {
    const last = entry({ phase: 'rolled-back', code: 'canary-failed', reason });
    expect(readOutcome(endpoint(), { 'slipway-status': 'rejected' }, [last])).toEqual(
      rolledBack('1', 'canary-failed', metric),
    );
  });

  test.each([
    [
      'a share left on the new version',
      { traffic: { 'flights-blue': 90, [green.name]: 10 }, deployments: [...endpoint().deployments, green] },
    ],
    ['a deployment left over', { deployments: [...endpoint().deployments, green] }],
    ['a mirror left on', { mirror: { [green.name]: 20 } }],
  ])('%s is not the old state', (_case, change) => {
    const last = entry({ phase: 'rolled-back', code: 'aborted' });
    const seen = readOutcome(endpoint(change), { 'slipway-status': 'rejected' }, [last]);
    expect(seen).not.toEqual(rolledBack('1', 'aborted'));
  });

  test('nothing in the audit log is no outcome', () => {
    expect(isFinal([])).toBe(false);
    expect(isFinal([entry({ phase: 'baking' })])).toBe(false);
    expect(isFinal([entry({ phase: 'baking' }), entry({ phase: 'promoted' })])).toBe(true);
    expect(readOutcome(endpoint(), {}, [])).toMatchObject({ tag: 'none', audit: 'nothing' });
  });
});
