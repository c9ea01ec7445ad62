/** What a latency alert means: rolled back only when green alone, and since its step began, can be the cause. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breachesOf,
  describeAlert,
  isBreached,
  type LatencyAlert,
} from '../../../../src/domain/alerts/latency-alert.ts';
import { ruleOnLatency } from '../../../../src/domain/alerts/rule-on-latency.ts';
import type { DeploymentName, EndpointName } from '../../../../src/domain/ids/names.ts';

const GREEN = 'green' as DeploymentName;
const BLUE = 'blue' as DeploymentName;
const STEP = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-01T12:05:00.000Z';
const EARLIER = '2026-03-01T11:59:00.000Z';

function anAlert(values: Record<string, number>, changes: Partial<LatencyAlert> = {}): LatencyAlert {
  return {
    rule: 'ep-p95',
    endpoint: 'flights' as EndpointName,
    metric: 'RequestLatency_P95',
    operator: 'GreaterThan',
    thresholdMs: 250,
    firedAtIso: LATER,
    readings: Object.entries(values).map(([deployment, value]) => ({
      deployment: deployment as DeploymentName,
      value,
    })),
    ...changes,
  };
}

const scene = { green: GREEN, blue: BLUE, trafficSinceIso: STEP };

describe('a threshold', () => {
  it('is passed as its operator says', () => {
    expect(isBreached({ operator: 'GreaterThan', thresholdMs: 250 }, 250)).toBe(false);
    expect(isBreached({ operator: 'GreaterThanOrEqual', thresholdMs: 250 }, 250)).toBe(true);
  });

  it('names the slow deployments, the slowest first, in one sentence', () => {
    const alert = anAlert({ a: 260, b: 100, c: 412.345 });
    expect(breachesOf(alert).map(({ deployment }) => deployment)).toEqual(['c', 'a']);
    expect(describeAlert(alert)).toBe(
      'RequestLatency_P95 of a 260 ms, b 100 ms, c 412.3 ms; the threshold of ep-p95 is 250 ms',
    );
  });
});

describe('a latency alert during a rollout', () => {
  it('rolls back when green is slow since its step began and blue is not', () => {
    expect(ruleOnLatency(anAlert({ green: 412, blue: 80 }), scene)).toMatchObject({
      kind: 'roll-back',
      reason: expect.stringContaining('green is slow and blue is not'),
    });
  });

  it.each([
    ['both are slow', anAlert({ green: 412, blue: 300 }), scene, 'blue is slow as well'],
    ['only blue is slow', anAlert({ green: 80, blue: 300 }), scene, 'green is not the slow one'],
    ['only a third one is slow', anAlert({ green: 80, blue: 80, third: 900 }), scene, 'green is not the slow one'],
    ['it fired before the step', anAlert({ green: 412, blue: 80 }, { firedAtIso: EARLIER }), scene, 'before green got'],
    ['it fired as the step began', anAlert({ green: 412, blue: 80 }, { firedAtIso: STEP }), scene, 'before green got'],
    [
      'green has no traffic yet',
      anAlert({ green: 412, blue: 80 }),
      { ...scene, trafficSinceIso: null },
      'before green',
    ],
    ['there is no blue', anAlert({ green: 412 }), { ...scene, blue: null }, 'no other deployment'],
    ['blue served nothing', anAlert({ green: 412 }), scene, 'nothing is known of blue'],
  ])('holds when %s', (_situation, alert, where, why) => {
    expect(ruleOnLatency(alert, where)).toMatchObject({ kind: 'hold', reason: expect.stringContaining(why) });
  });

  it('never rolls back while blue is at least as slow as green', () => {
    const value = fc.double({ min: 0, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [green, blue] = one <= other ? [one, other] : [other, one];
        return ruleOnLatency(anAlert({ green, blue }), scene).kind === 'hold';
      }),
    );
  });
});
