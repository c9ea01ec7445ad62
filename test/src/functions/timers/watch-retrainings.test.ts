/** The watchdog of retrainings: what is gone and still holds its model is ended for it, once, from what the audit knows. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { EMPTY_COOL_DOWN } from '../../../../src/domain/retraining/cool-down.ts';
import type { RetrainingState } from '../../../../src/domain/retraining/state.ts';
import { createWatchRetrainings } from '../../../../src/functions/timers/watch-retrainings.ts';
import { RETRAINING } from '../../adapters/records-contract.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { aRetrainingPolicy } from '../../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';

const ID = RETRAINING.retrainingId;
const LAST_SEEN_MS = Date.parse(NOW);
const TRAINING = {
  ...RETRAINING,
  sequence: 3,
  from: 'submitting',
  phase: 'training',
  data: 'azureml:rows:7',
  job: 'slipway-air-time-0123456789abcdef',
} as const;

let control: InMemoryControl;
let audit: InMemoryAuditLog;
let warnings: string[];

function run(
  afterSeconds = 60,
  policies = [aPolicy({ model: 'not-retrained' as never }), aPolicy({ retrain: aRetrainingPolicy() })],
) {
  const clock = { nowMs: () => LAST_SEEN_MS + afterSeconds * 1000 };
  return createWatchRetrainings({ audit, clock }, createPolicies(policies))(control, (message) =>
    warnings.push(message),
  );
}

const recoveryOf = (count: number) => control.instances.get(`recover.${ID}.${count}`)?.input as RetrainingState;

beforeEach(async () => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
  warnings = [];
  await control.startOnce('retraining', ID, {});
  control.coolDowns.set('flights.air-time', { ...EMPTY_COOL_DOWN, holder: ID, lastSeenIso: NOW });
  await audit.appendRetraining(TRAINING);
});

describe('the watchdog of retrainings', () => {
  it.each([
    ['terminated', 'aborted'],
    ['failed', 'job-failed'],
    ['completed', 'job-failed'],
  ] as const)('ends one that is %s as %s, with what the audit knows of it', async (status, end) => {
    control.end(ID, status);
    expect(await run()).toEqual([`recover.${ID}.1`]);
    expect(recoveryOf(1)).toMatchObject({
      retrainingId: ID,
      phase: 'canceling',
      jobName: TRAINING.job,
      submittedAtIso: TRAINING.atIso,
      auditSequence: 1_000_000,
      trigger: { kind: 'drift', reference: TRAINING.triggerReference },
      champion: { version: '1' },
      data: { reference: 'azureml:rows:7' },
      cancellation: { end, actor: 'watchdog', reason: expect.stringContaining(`gone (${status})`) },
    });
    expect(await run()).toEqual([]);
  });

  it('only gives the model back when the end is on record already', async () => {
    await audit.appendRetraining({ ...TRAINING, sequence: 4, phase: 'gate-failed' });
    control.end(ID, 'failed');
    await run();
    expect(recoveryOf(1)).toMatchObject({ phase: 'gate-failed' });
  });

  it('knows the job by name where nothing is on record, and does not say that it was submitted', async () => {
    audit = new InMemoryAuditLog();
    control.instances.delete(ID);
    await run();
    expect(recoveryOf(1)).toMatchObject({ jobName: TRAINING.job, submittedAtIso: null, champion: null, data: null });
  });

  it('follows a recovery that was lost itself with another one, and calls a person in the end', async () => {
    control.end(ID, 'terminated');
    for (let count = 1; count <= 10; count += 1) {
      expect(await run()).toEqual([`recover.${ID}.${count}`]);
      expect(recoveryOf(count)).toMatchObject({ auditSequence: count * 1_000_000 });
      control.end(`recover.${ID}.${count}`, 'failed');
    }
    expect(await run()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('look at its job by hand')]);
  });

  it('leaves alone what runs, what has just begun and a model that nobody holds', async () => {
    expect(await run()).toEqual([]);
    control.end(ID, 'terminated');
    expect(await run(5)).toEqual([]);
    control.coolDowns.clear();
    expect(await run()).toEqual([]);
  });

  it('is not kept from one model by another one that cannot be looked at', async () => {
    control.end(ID, 'terminated');
    const retrain = aRetrainingPolicy();
    const policies = [aPolicy({ retrain }), aPolicy({ model: 'other' as never, retrain })];
    const read = control.readCoolDown.bind(control);
    control.readCoolDown = async (endpoint, model) => {
      if (model === 'other') throw new Error('storage is away');
      return read(endpoint, model);
    };
    await expect(run(60, policies)).rejects.toThrow('1 models could not be looked at');
    expect(recoveryOf(1)).toMatchObject({ phase: 'canceling' });
  });
});
