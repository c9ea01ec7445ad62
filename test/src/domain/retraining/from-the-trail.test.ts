/** What is done for a retraining of which only the audit trail is left: its recovery, and a second judgement of its job. */
import { describe, expect, it } from 'vitest';
import { judgeAgainOf } from '../../../../src/domain/retraining/judge-again.ts';
import { retrainingIdOf } from '../../../../src/domain/retraining/names.ts';
import { retrainingRecoveryOf } from '../../../../src/domain/retraining/recovery.ts';
import { aPolicy } from '../a-policy.ts';
import { aRetrainingPolicy } from '../a-retraining-policy.ts';
import { aRecord, aRetraining } from './a-retraining.ts';

const LATER = '2026-03-02T08:00:00.000Z';
const SUBMITTED = '2026-03-01T12:05:00.000Z';
const policy = { ...aPolicy(), retrain: aRetrainingPolicy() };
const retrainingId = aRetraining().retrainingId;

const SUBMITTED_TRAIL = [
  aRecord(),
  aRecord({ sequence: 2, phase: 'training', job: 'job-1', atIso: SUBMITTED }),
  aRecord({
    sequence: 3,
    phase: 'gating',
    job: 'job-1',
    atIso: '2026-03-01T12:30:00.000Z',
    champion: '3',
    data: 'azureml:rows:7',
    evidence: 'e3',
  }),
];
const KNOWN = {
  submittedAtIso: SUBMITTED,
  champion: { deployment: '', version: '3', trainedOn: null },
  data: { reference: 'azureml:rows:7', uri: 'azureml:rows:7', rows: 0 },
  evidence: 'e3',
};

describe('the recovery of a retraining whose orchestration is gone', () => {
  const recover = (changes: Partial<Parameters<typeof retrainingRecoveryOf>[0]> = {}) =>
    retrainingRecoveryOf(
      { retrainingId, policy, trail: SUBMITTED_TRAIL, status: 'failed', actor: 'watchdog', count: 1, ...changes },
      LATER,
    );

  it('cancels its job, with all that the trail knows', () => {
    const reason = `The orchestration of ${retrainingId} is gone (failed); it is ended for it.`;
    expect(recover()).toEqual({
      ...aRetraining(),
      trigger: { kind: 'drift', reference: 'event-1', sentence: reason },
      requestedAtIso: LATER,
      jobName: 'job-1',
      phase: 'canceling',
      note: reason,
      auditSequence: 1_000_000,
      ...KNOWN,
      cancellation: { end: 'job-failed', reason, actor: 'watchdog', decidedAtIso: LATER },
    });
  });

  it.each([
    ['terminated', 'aborted'],
    ['failed', 'job-failed'],
    ['completed', 'job-failed'],
    ['absent', 'job-failed'],
  ] as const)('of one that was %s ends as %s', (status, end) => {
    expect(recover({ status })).toMatchObject({ cancellation: { end } });
  });

  it('a second time uses other audit numbers', () => {
    expect(recover({ count: 2 }).auditSequence).toBe(2_000_000);
  });

  it('of one that had ended keeps its end', () => {
    expect(recover({ trail: [...SUBMITTED_TRAIL, aRecord({ phase: 'gate-failed' })] }).phase).toBe('gate-failed');
  });

  it('without any trail looks for the job that its id names', () => {
    expect(recover({ trail: [] })).toMatchObject({
      trigger: { kind: 'http', reference: retrainingId },
      jobName: 'slipway-air-time-0123456789abcdef',
      phase: 'canceling',
      submittedAtIso: null,
      champion: null,
      data: null,
      evidence: null,
    });
  });
});

describe('a job that is judged again', () => {
  const unreadable = [
    ...SUBMITTED_TRAIL,
    { ...aRecord(), ...SUBMITTED_TRAIL[2], phase: 'metrics-unreadable' as const },
  ];
  const again = (trail: typeof unreadable) =>
    judgeAgainOf({ retrainingId, policy, trail, sentence: 'Ada asks.' }, LATER);

  it('is a retraining of its own that ignores the cool-down and pays for nothing', () => {
    const trigger = { kind: 'http', reference: `judge ${retrainingId}`, sentence: 'Ada asks.' } as const;
    expect(again(unreadable)).toEqual({
      ...aRetraining({ trigger }),
      retrainingId: retrainingIdOf({ endpoint: policy.endpoint, model: policy.model, trigger }),
      ignoreCoolDown: true,
      requestedAtIso: LATER,
      note: 'Ada asks.',
      jobName: 'job-1',
      ...KNOWN,
      judgesAgain: true,
    });
  });

  it('is refused unless its metrics were unreadable and a job was submitted', () => {
    expect(again([...unreadable, aRecord({ phase: 'job-failed', job: 'job-1' })])).toBeNull();
    expect(again([aRecord({ phase: 'metrics-unreadable' })])).toBeNull();
    expect(again([])).toBeNull();
  });
});
