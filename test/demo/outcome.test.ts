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
    failedMetrics: [],
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

  test('the old split and a rollback by the judge names the metrics that spoke against the version', () => {
    const last = entry({ phase: 'rolled-back', code: 'canary-failed', failedMetrics: ['latency'] });
    const tags = { 'slipway-status': 'rejected' };
    expect(readOutcome(endpoint(), tags, [last])).toEqual(rolledBack('1', 'canary-failed', 'latency'));
    const both = { ...last, failedMetrics: ['errors', 'latency'] };
    expect(readOutcome(endpoint(), tags, [both]).audit).toBe('rolled-back, canary-failed, errors and latency');
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
