/** Ids, failures, status and lineage of a retraining. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { RetrainingPolicy } from '../../../../src/domain/policy/retraining-policy.ts';
import { afterFailure } from '../../../../src/domain/retraining/after-failure.ts';
import { RETRAINING_PHASES } from '../../../../src/domain/retraining/moves.ts';
import {
  isRetrainingId,
  jobNameOfRetraining,
  retrainingIdOf,
  trainingJobNameOf,
} from '../../../../src/domain/retraining/names.ts';
import {
  hasEnded,
  judgedDataOf,
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

  it.each([
    ['air-time', 'slipway-air-time-'],
    ['My.Model__V2', 'slipway-my-model-v2-'],
    ['-_Edge_-', 'slipway-edge-'],
    ['___', 'slipway-model-'],
    [`${'m'.repeat(40)}-x`, `slipway-${'m'.repeat(32)}-`],
  ])('of model %s make a job name that begins with %s', (model, prefix) => {
    const name = trainingJobNameOf({ ...key, model: model as ModelName });
    expect(name.slice(0, -16)).toBe(prefix);
    expect(name.slice(-16)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('spell out endpoint and model, and two different hashes of the occasion', () => {
    const long = { ...key, model: 'm'.repeat(101) as ModelName };
    expect(retrainingIdOf(long)).toMatch(/^retrain\.flights\.m{100}\.[0-9a-f]{16}$/);
    const occasions = ['event-1', 'event-2', 'event-3'].map((reference) =>
      retrainingIdOf({ ...key, trigger: { kind: 'drift', reference } }).slice(-8),
    );
    expect(new Set(occasions).size).toBe(3);
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
    expect(afterFailure(training('2026-03-01T12:00:00.000Z'), 'away', NOW)).toEqual({
      kind: 'stay',
      note: `Since ${NOW} job ${trainingJobNameOf(key)} cannot be looked at: away`,
      waitSeconds: 900,
      patch: { failingSinceIso: NOW },
    });
    expect(afterFailure(training('2026-03-01T11:10:00.000Z'), 'away', NOW)).toMatchObject({
      to: 'canceling',
      patch: { cancellation: { end: 'job-failed', reason: expect.stringContaining('could not be looked at') } },
    });
  });

  it.each([
    ['requested', 'job-failed'],
    ['waiting', 'job-failed'],
    ['validating', 'job-failed'],
    ['submitting', 'canceling'],
  ] as const)('while new data is %s waits for hours: its event does not come again', (phase, to) => {
    const trigger = { kind: 'new-data', reference: 'b1', sentence: 'New data came.' } as const;
    const failing = (failingSinceIso: string) => aRetraining({ phase, trigger, failedTicks: 50, failingSinceIso });
    expect(afterFailure(failing('2026-03-01T06:11:00.000Z'), 'away', NOW)).toMatchObject({
      note: `Since 2026-03-01T06:11:00.000Z new data is ${phase} and cannot go on: away`,
      waitSeconds: 60,
    });
    expect(afterFailure(failing('2026-03-01T06:10:00.000Z'), 'away', NOW)).toMatchObject({
      to,
      reason: expect.stringContaining('could not go on for 21600 s. Last: away'),
    });
  });

  it('while registering waits for hours: the version has passed its gate', () => {
    const registering = (failingSinceIso: string) => aRetraining({ phase: 'registering', failingSinceIso });
    expect(afterFailure(registering('2026-03-01T06:11:00.000Z'), 'away', NOW)).toMatchObject({
      note: 'Since 2026-03-01T06:11:00.000Z the version cannot be registered: away',
      waitSeconds: 60,
    });
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
    expect(waits[0]).toMatchObject({
      note: `Since ${NOW} the metrics of job ${trainingJobNameOf(key)} cannot be read: away`,
      patch: { failingSinceIso: NOW },
    });
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

  it('is told in bounded text', () => {
    const long = afterFailure(aRetraining({ phase: 'gating' }), new Error('x'.repeat(100_000)), NOW);
    expect(JSON.stringify(long).length).toBeLessThan(1000);
    const first = afterFailure(aRetraining({ phase: 'validating' }), new Error('x'.repeat(100_000)), NOW);
    expect(first).toMatchObject({ note: expect.stringMatching(/^.{800}$/) });
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

  it('shows of what it knows only what an operator looks for', () => {
    const champion = { deployment: 'd' as DeploymentName, version: '3' as ModelVersion, trainedOn: null };
    const data = { reference: 'azureml:rows:7', uri: 'azureml://x', rows: 10 };
    const state = aRetraining({ phase: 'gating', champion, data, submittedAtIso: NOW, version: '4' as ModelVersion });
    expect(retrainingStatus(state)).toEqual({
      endpoint: 'flights',
      model: 'air-time',
      trigger: { kind: 'drift', reference: 'event-1' },
      phase: 'gating',
      note: 'Drift was found.',
      requestedAtIso: '2026-03-01T12:00:00.000Z',
      champion: '3',
      data: 'azureml:rows:7',
      jobName: trainingJobNameOf(key),
      version: '4',
    });
  });

  it.each(RETRAINING_PHASES)('of %s remembers its data as judged only after the gate has judged', (phase) => {
    const data = { reference: 'azureml:rows:7', uri: 'azureml://x', rows: 10 };
    const isJudged = phase === 'registered' || phase === 'gate-failed';
    expect(judgedDataOf(aRetraining({ phase, data }))).toBe(isJudged ? 'azureml:rows:7' : null);
    expect(judgedDataOf(aRetraining({ phase }))).toBeNull();
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

  it('says no code commit where the job named none, and nothing of what is not known', () => {
    const state = aRetraining();
    expect(lineageTags(state)).toEqual({
      'scoring-code': '2',
      'slipway.retraining': state.retrainingId,
      'slipway.job': state.jobName,
      'slipway.data': '',
      'slipway.trigger': 'drift: event-1',
      'slipway.champion': '',
    });
  });

  it('is cut to what a tag holds', () => {
    const trigger = { ...aRetraining().trigger, reference: 'r'.repeat(300) };
    expect(lineageTags(aRetraining({ trigger }))['slipway.trigger']).toBe(`drift: ${'r'.repeat(243)}`);
  });
});
