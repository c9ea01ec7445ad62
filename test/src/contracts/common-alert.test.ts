/** The common alert schema: what is read of a metric alert, and what is refused. */
import { describe, expect, it } from 'vitest';
import { parseMetricAlert } from '../../../src/contracts/common-alert.ts';
import { aCommonAlert } from '../functions/http/a-common-alert.ts';

describe('parseMetricAlert', () => {
  it('reads rule, window, targets and the latency criterion, whose threshold is a text', () => {
    expect(parseMetricAlert(aCommonAlert())).toMatchObject({
      ok: true,
      value: {
        rule: 'ep-p95',
        condition: 'Fired',
        firedAtIso: '2026-03-01T12:00:00.000Z',
        fromMs: Date.parse('2026-03-01T11:55:00Z'),
        toMs: Date.parse('2026-03-01T12:00:00Z'),
        criterion: { metric: 'RequestLatency_P95', operator: 'GreaterThan', thresholdMs: 250 },
      },
    });
  });

  it.each([
    ['another metric', { metricName: 'RequestsPerMinute' }],
    ['a dynamic threshold', { operator: 'GreaterOrLessThan', threshold: undefined }],
    ['a threshold that is no number', { threshold: 'high' }],
    ['latency that is too low', { operator: 'LessThan' }],
  ])('%s leaves no criterion to act on', (_what, criterion) => {
    expect(parseMetricAlert(aCommonAlert({ criterion }))).toMatchObject({ ok: true, value: { criterion: null } });
  });

  it.each([
    ['nothing', null],
    ['another schema', { ...aCommonAlert(), schemaId: 'x' }],
    ['a log alert', aCommonAlert({ essentials: { signalType: 'Log' } })],
    ['a time that is none', aCommonAlert({ essentials: { firedDateTime: 'yesterday' } })],
    ['a window of two days', aCommonAlert({ window: ['2026-02-27T12:00:00Z', '2026-03-01T12:00:00Z'] })],
    ['a window that ends before it begins', aCommonAlert({ window: ['2026-03-01T12:00:00Z', '2026-03-01T11:00:00Z'] })],
    ['too many targets', aCommonAlert({ essentials: { alertTargetIDs: Array(101).fill('/x') } })],
  ])('refuses %s and says where', (_what, body) => {
    expect(parseMetricAlert(body)).toMatchObject({ ok: false, problems: [expect.any(String)] });
  });
});
