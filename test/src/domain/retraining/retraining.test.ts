/** Ids, failures, status and lineage of a retraining. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { RetrainingPolicy } from '../../../../src/domain/policy/retraining-policy.ts';
import { afterFailure } from '../../../../src/domain/retraining/after-failure.ts';
import { canMoveRetraining, RETRAINING_PHASES } from '../../../../src/domain/retraining/moves.ts';
import {
  isRetrainingId,
  jobNameOfRetraining,
  retrainingIdOf,
  trainingJobNameOf,
} from '../../../../src/domain/retraining/names.ts';
import {
  hasEnded,
  newRetrainingState,
  RETRAINING_ENDS,
  type RetrainingState,
  retrainingStatus,
} from '../../../../src/domain/retraining/state.ts';
import { lineageTags } from '../../../../src/domain/retraining/tags.ts';

const key = {
  endpoint: 'flights' as EndpointName,
  model: 'air-time' as ModelName,
  trigger: { kind: 'drift', reference: 'event-1' } as const,
};
const NOW = '2026-03-01T12:10:00.000Z';
const policy = {
  pollSeconds: 60,
  metricsTimeoutSeconds: 7200,
  jobTimeoutSeconds: 3600,
  register: { tags: { 'scoring-code': '2', 'slipway.job': 'mine' } },
};

function aRetraining(changes: Partial<RetrainingState> = {}): RetrainingState {
  const request = {
    ...key,
    trigger: { ...key.trigger, sentence: 'Drift was found.' },
    retrainingId: retrainingIdOf(key),
    policy: policy as unknown as RetrainingPolicy,
    ignoreCoolDown: false,
    jobName: trainingJobNameOf(key),
  };
  return { ...newRetrainingState(request, '2026-03-01T12:00:00.000Z'), ...changes };
}

describe('the ids of a retraining', () => {
  it('are the same for the same occasion, and others for another one', () => {
    expect(retrainingIdOf(key)).toBe(retrainingIdOf({ ...key }));
    const others = [
      { ...key, model: 'other' as ModelName },
      { ...key, endpoint: 'other' as EndpointName },
      { ...key, trigger: { ...key.trigger, kind: 'http' as const } },
      { ...key, trigger: { ...key.trigger, reference: 'event-2' } },
    ];
    const jobs = [key, ...others].map(trainingJobNameOf);
    expect(new Set(jobs).size).toBe(jobs.length);
    expect(new Set([key, ...others].map(retrainingIdOf)).size).toBe(jobs.length);
  });

  it('fit what Durable Functions and Azure ML take, whatever the occasion is called', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/), fc.string(), (model, reference) => {
        const odd = { ...key, model: model as ModelName, trigger: { kind: 'http' as const, reference } };
        expect(isRetrainingId(retrainingIdOf(odd))).toBe(true);
        expect(trainingJobNameOf(odd)).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
      }),
    );
  });

  it('name the job of a retraining of which nothing else is known', () => {
    expect(jobNameOfRetraining(retrainingIdOf(key), key.model)).toBe(trainingJobNameOf(key));
    const dotted = { ...key, model: 'my.Model_v2' as ModelName };
    expect(jobNameOfRetraining(retrainingIdOf(dotted), dotted.model)).toBe(trainingJobNameOf(dotted));
  });

  it('are told apart from those of rollouts', () => {
    expect(isRetrainingId('rollout.flights.air-time.2.1')).toBe(false);
    expect(isRetrainingId('retrain.../../x y')).toBe(false);
  });
});

describe('an activity that failed for good', () => {
  it('is tried again for some ticks, then ends a retraining that paid nothing yet', () => {
    expect(afterFailure(aRetraining({ phase: 'validating' }), new Error('storage is down'), NOW)).toEqual({
      kind: 'stay',
      note: 'The retraining was validating and could not go on: storage is down',
      waitSeconds: 60,
    });
    const last = afterFailure(aRetraining({ phase: 'validating', failedTicks: 9 }), new Error('storage is down'), NOW);
    expect(last).toMatchObject({ kind: 'move', to: 'job-failed', reason: expect.stringContaining('storage is down') });
  });

  it('while submitting cancels the job, which may run', () => {
    const last = afterFailure(aRetraining({ phase: 'submitting', failedTicks: 9 }), 'Azure is away', NOW);
    expect(last).toMatchObject({
      to: 'canceling',
      patch: { cancellation: { end: 'job-failed', actor: 'policy', decidedAtIso: NOW } },
    });
  });

  it('while canceling never gives the job up', () => {
    expect(afterFailure(aRetraining({ phase: 'canceling', failedTicks: 5000 }), 'away', NOW).kind).toBe('stay');
  });

  it('while training waits as long as the job may run, then cancels it', () => {
    const training = (submittedAtIso: string) => aRetraining({ phase: 'training', failedTicks: 500, submittedAtIso });
    expect(afterFailure(training('2026-03-01T12:00:00.000Z'), 'away', NOW)).toMatchObject({ waitSeconds: 900 });
    expect(afterFailure(training('2026-03-01T11:10:00.000Z'), 'away', NOW)).toMatchObject({
      to: 'canceling',
      patch: { cancellation: { end: 'job-failed', reason: expect.stringContaining('could not be looked at') } },
    });
  });

  it.each([
    ['validating', 'job-failed'],
    ['submitting', 'canceling'],
  ] as const)('while new data is %s waits for hours: its event does not come again', (phase, to) => {
    const trigger = { kind: 'new-data', reference: 'b1', sentence: 'New data came.' } as const;
    const failing = (failingSinceIso: string) => aRetraining({ phase, trigger, failedTicks: 50, failingSinceIso });
    expect(afterFailure(failing('2026-03-01T06:11:00.000Z'), 'away', NOW)).toMatchObject({ waitSeconds: 60 });
    expect(afterFailure(failing('2026-03-01T06:10:00.000Z'), 'away', NOW)).toMatchObject({
      to,
      reason: expect.stringContaining('could not go on for 21600 s. Last: away'),
    });
  });

  it('while registering waits for hours: the version has passed its gate', () => {
    const registering = (failingSinceIso: string) => aRetraining({ phase: 'registering', failingSinceIso });
    expect(afterFailure(registering('2026-03-01T06:11:00.000Z'), 'away', NOW)).toMatchObject({ waitSeconds: 60 });
    expect(afterFailure(registering('2026-03-01T06:10:00.000Z'), 'away', NOW)).toMatchObject({
      to: 'job-failed',
      reason: expect.stringContaining('could not be registered for 21600 s. Last: away'),
    });
  });

  it('while gating waits ever longer for the metrics of the job, which is paid for', () => {
    const waits = [0, 1, 2, 9].map((failedTicks) =>
      afterFailure(aRetraining({ phase: 'gating', failedTicks }), 'away', NOW),
    );
    expect(waits).toMatchObject([60, 120, 240, 900].map((waitSeconds) => ({ kind: 'stay', waitSeconds })));
    expect(waits[0]).toMatchObject({ patch: { failingSinceIso: NOW } });
  });

  it('while gating ends after the limit of the policy and says what was away; the last pause ends at the limit', () => {
    const phase = 'gating' as const;
    const gating = (failingSinceIso: string) => aRetraining({ phase, failedTicks: 20, failingSinceIso });
    const last = afterFailure(gating('2026-03-01T10:10:30.000Z'), 'HTTP 503', NOW);
    expect(last).toMatchObject({ kind: 'stay', waitSeconds: 30 });
    expect(afterFailure(gating('2026-03-01T10:10:00.000Z'), 'HTTP 503', NOW)).toMatchObject({
      to: 'metrics-unreadable',
      reason: expect.stringMatching(/unreadable for 7200 s because the tracking server was away.*HTTP 503/),
    });
  });

  it.each([
    ['training', 'canceling'],
    ['gating', 'job-failed'],
    ['registering', 'job-failed'],
  ] as const)('while %s leads to %s as before for a retraining that an earlier release began', (phase, to) => {
    const { schema: _later, ...earlier } = aRetraining({ phase, failedTicks: 9 });
    expect(afterFailure(earlier, 'away', NOW)).toMatchObject({ kind: 'move', to });
  });

  it('is told in bounded text', () => {
    const long = afterFailure(aRetraining({ phase: 'gating' }), new Error('x'.repeat(100_000)), NOW);
    expect(JSON.stringify(long).length).toBeLessThan(1000);
  });
});

describe('the moves of a retraining', () => {
  const next = (phase: RetrainingState['phase']) => RETRAINING_PHASES.filter((to) => canMoveRetraining(phase, to));

  it('lead out of every phase but the ends, and reach every end from the start', () => {
    const reached = new Set<RetrainingState['phase']>(['requested']);
    for (const phase of reached) for (const to of next(phase)) reached.add(to);
    expect([...reached].sort()).toEqual([...RETRAINING_PHASES].sort());
    expect(RETRAINING_PHASES.filter((phase) => next(phase).length === 0).sort()).toEqual([...RETRAINING_ENDS].sort());
  });

  it('never leave a job behind that may run: an abort goes over its cancellation', () => {
    for (const phase of ['submitting', 'training'] as const) expect(next(phase)).not.toContain('aborted');
  });

  it('register nothing that did not pass the gate', () => {
    expect(RETRAINING_PHASES.filter((phase) => canMoveRetraining(phase, 'registering'))).toEqual(['gating']);
    expect(RETRAINING_PHASES.filter((phase) => canMoveRetraining(phase, 'registered'))).toEqual(['registering']);
  });
});

describe('the status of a retraining', () => {
  it('names the job only once it was submitted, and stays small', () => {
    const waiting = aRetraining({ note: 'n'.repeat(9000) });
    expect(retrainingStatus(waiting)).toMatchObject({ phase: 'requested', jobName: null, champion: null });
    const champion = { deployment: 'd' as DeploymentName, version: '3' as ModelVersion, trainedOn: null };
    const training = aRetraining({ phase: 'training', champion, submittedAtIso: '2026-03-01T12:01:00.000Z' });
    expect(retrainingStatus(training)).toMatchObject({ jobName: training.jobName, champion: '3' });
    const trigger = { kind: 'http', reference: 'r'.repeat(9000), sentence: '' } as const;
    const data = { reference: 'd'.repeat(9000), uri: '', rows: 1 };
    const largest = retrainingStatus({ ...training, note: waiting.note, trigger, data });
    expect(JSON.stringify(largest).length * 2).toBeLessThan(4096);
  });

  it('is final in every end state and in no other', () => {
    expect(RETRAINING_ENDS.every(hasEnded)).toBe(true);
    expect(hasEnded('canceling')).toBe(false);
  });
});

describe('the lineage', () => {
  it("is complete, wins over the policy's tags, and keeps those beside it", () => {
    const state = aRetraining({
      champion: { deployment: 'd' as DeploymentName, version: '3' as ModelVersion, trainedOn: null },
      data: { reference: 'azureml:rows:7', uri: 'azureml://x', rows: 10 },
      codeCommit: 'abc123',
    });
    expect(lineageTags(state)).toEqual({
      'scoring-code': '2',
      'slipway.retraining': state.retrainingId,
      'slipway.job': state.jobName,
      'slipway.data': 'azureml:rows:7',
      'slipway.trigger': 'drift: event-1',
      'slipway.champion': '3',
      'slipway.code-commit': 'abc123',
    });
  });

  it('says no code commit where the job named none', () => {
    expect(Object.keys(lineageTags(aRetraining()))).not.toContain('slipway.code-commit');
  });
});
