/** Ids, failures, status and lineage of a retraining. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { RetrainingPolicy } from '../../../../src/domain/policy/retraining-policy.ts';
import { canMoveRetraining, RETRAINING_PHASES } from '../../../../src/domain/retraining/moves.ts';
import { isRetrainingId, retrainingIdOf, trainingJobNameOf } from '../../../../src/domain/retraining/names.ts';
import { afterFailure } from '../../../../src/domain/retraining/progress.ts';
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
const policy = { pollSeconds: 60, register: { tags: { 'scoring-code': '2', 'slipway.job': 'mine' } } };

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

  it('are told apart from those of rollouts', () => {
    expect(isRetrainingId('rollout.flights.air-time.2.1')).toBe(false);
    expect(isRetrainingId('retrain.../../x y')).toBe(false);
  });
});

describe('an activity that failed for good', () => {
  it('is tried again for some ticks, then ends a retraining that paid nothing yet', () => {
    expect(afterFailure(aRetraining({ phase: 'validating' }), new Error('storage is down'))).toEqual({
      kind: 'stay',
      note: 'The retraining was validating and could not go on: storage is down',
      waitSeconds: 60,
    });
    const last = afterFailure(aRetraining({ phase: 'validating', failedTicks: 9 }), new Error('storage is down'));
    expect(last).toMatchObject({ kind: 'move', to: 'job-failed', reason: expect.stringContaining('storage is down') });
  });

  it.each(['submitting', 'training'] as const)('while %s cancels the job, which may run', (phase) => {
    const last = afterFailure(aRetraining({ phase, failedTicks: 9 }), 'Azure is away');
    expect(last).toMatchObject({ to: 'canceling', patch: { cancellation: { end: 'job-failed', actor: 'policy' } } });
  });

  it('while canceling never gives the job up', () => {
    expect(afterFailure(aRetraining({ phase: 'canceling', failedTicks: 5000 }), 'away').kind).toBe('stay');
  });

  it('is told in bounded text', () => {
    const long = afterFailure(aRetraining({ phase: 'gating' }), new Error('x'.repeat(100_000)));
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
