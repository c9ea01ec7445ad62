/** Submitting, reading and judging the job of a retraining, and registering its model: safe to run twice, permanent failures as values. */
import { describe, expect, it } from 'vitest';
import { createReadJob } from '../../../../src/activities/retraining/follow-job.ts';
import { createJudgeChallenger } from '../../../../src/activities/retraining/judge-challenger.ts';
import { createRecordRetraining } from '../../../../src/activities/retraining/record-retraining.ts';
import { createRegisterVersion } from '../../../../src/activities/retraining/register-version.ts';
import { createSubmitJob } from '../../../../src/activities/retraining/submit-job.ts';
import type { RetrainingRecord } from '../../../../src/domain/audit/retraining-record.ts';
import type { DeploymentName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { WriteOutcome } from '../../../../src/ports/model-platform.ts';
import type { ModelRegistry, Registration } from '../../../../src/ports/model-registry.ts';
import type { RunReading } from '../../../../src/ports/run-metrics.ts';
import type { JobSubmission, JobView, TrainingJobs } from '../../../../src/ports/training-jobs.ts';
import { InMemoryAuditLog, InMemoryEvidenceStore } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';
import { ScriptedTraining } from '../../fakes/scripted-training.ts';

const model = 'air-time' as ModelName;
const champion = { deployment: 'air-time-1' as DeploymentName, version: '1' as ModelVersion, trainedOn: null };

describe('submitJob', () => {
  const input = {
    jobName: 'slipway-air-time-1',
    retrainingId: 'retrain.x',
    template: {
      properties: {
        command: `train \${{slipway.version}} \${{slipway.job}}`,
        tags: { team: 'a', 'slipway.data': 'mine' },
      },
    },
    model,
    dataUri: 'azureml://datastores/d/paths/rows.jsonl',
    dataReference: 'azureml:rows:7',
    champion,
    trigger: { kind: 'drift', reference: 'e', sentence: 's' },
  } as const;

  function submit(outcome: WriteOutcome) {
    const submitted: JobSubmission[] = [];
    const jobs = {
      submit: async (job: JobSubmission) => {
        submitted.push(job);
        return outcome;
      },
    };
    const registry = { nextVersion: async () => '2' };
    const activity = createSubmitJob(jobs as unknown as TrainingJobs, registry as unknown as ModelRegistry);
    return { submitted, answer: activity(input) };
  }

  it('fills the template and leaves its lineage on the job', async () => {
    const { submitted, answer } = submit({ kind: 'accepted' });
    expect(await answer).toEqual({ kind: 'submitted' });
    expect(submitted).toMatchObject([
      {
        name: 'slipway-air-time-1',
        properties: { command: 'train 2 slipway-air-time-1', tags: { team: 'a', 'slipway.retraining': 'retrain.x' } },
      },
    ]);
    expect(JSON.stringify(submitted)).not.toContain('mine');
  });

  it.each(['busy', 'refused'] as const)('hands on that Azure ML is %s', async (kind) => {
    expect(await submit({ kind, reason: 'r' }).answer).toEqual({ kind, reason: 'r' });
  });
});

describe('readJob', () => {
  const read = (job: JobView | null) =>
    createReadJob({ read: async () => job } as unknown as TrainingJobs)({ jobName: 'job-1' });
  const job: JobView = { name: 'job-1', status: 'Completed', state: 'completed', reason: null, outputs: {} };

  it('takes the output named model, else the folder model of the default artifacts', async () => {
    const named = { ...job, outputs: { model: 'azureml://datastores/x', default: 'azureml://datastores/y' } };
    expect(await read(named)).toMatchObject({ state: 'completed', modelUri: 'azureml://jobs/job-1/outputs/model' });
    expect(await read(job)).toMatchObject({ modelUri: 'azureml://jobs/job-1/outputs/artifacts/paths/model/' });
  });

  it('says when there is no job, and bounds what Azure says', async () => {
    expect(await read(null)).toMatchObject({ state: 'absent', reason: null });
    const failed = await read({ ...job, state: 'failed', reason: 'x'.repeat(9000) });
    expect(failed.reason).toHaveLength(800);
  });
});

describe('judgeChallenger', () => {
  const policy = { lossMargin: 0, confidence: 0.95, minRows: 100, slices: [] };
  const metrics = {
    'gate.rows': 1000,
    'gate.champion_loss': 10,
    'gate.challenger_loss': 8,
    'gate.difference_mean': -2,
    'gate.difference_variance': 4,
    'gate.difference_skewness': 0,
  };

  function judge(reading: RunReading | null) {
    const evidence = new InMemoryEvidenceStore();
    const training = new ScriptedTraining();
    const activity = createJudgeChallenger({
      runs: { readRun: async () => reading },
      evidence,
      assets: training,
      rows: training,
    });
    return { evidence, answer: activity({ retrainingId: 'retrain.x', jobName: 'job-1', policy }) };
  }

  it('lets a better challenger pass, with its code commit and the evidence', async () => {
    const { evidence, answer } = judge({ metrics, tags: { 'mlflow.source.git.commit': 'abc' } });
    expect(await answer).toMatchObject({ verdict: 'pass', codeCommit: 'abc', evidence: 'retrain.x/gate.json' });
    expect(await evidence.get('retrain.x/gate.json')).toMatchObject({
      jobName: 'job-1',
      decision: { verdict: 'pass' },
    });
  });

  it('stops one that is not better', async () => {
    const worse = { ...metrics, 'gate.challenger_loss': 10.1, 'gate.difference_mean': 0.1 };
    expect(await judge({ metrics: worse, tags: {} }).answer).toMatchObject({ verdict: 'fail', codeCommit: null });
  });

  it.each([
    ['no run', null, 'logged no run'],
    ['no gate metrics', { metrics: { 'gate.rows': 5 }, tags: {} }, 'did not log the metric gate.champion_loss'],
    ['losses of different rows', { metrics: { ...metrics, 'gate.challenger_loss': 3 }, tags: {} }, 'contradict'],
  ])('says what is missing of a job that logged %s', async (_name, reading, sentence) => {
    const { evidence, answer } = judge(reading);
    expect(await answer).toMatchObject({ verdict: 'unreadable', sentence: expect.stringContaining(sentence) });
    expect(evidence.documents.size).toBe(0);
  });
});

describe('registerVersion', () => {
  const input = { model, jobName: 'job-1', modelUri: 'azureml://jobs/job-1/outputs/model', description: '', tags: {} };

  /** `taken`: versions that others register in the moment before. */
  function registryWith(taken: readonly string[]) {
    const registered = new Map<string, string>();
    const rivals = [...taken];
    const registry = {
      findByTag: async (_model: string, _tag: string, job: string) => {
        const found = [...registered].find(([, owner]) => owner === job);
        return found ? { version: found[0] } : null;
      },
      nextVersion: async () => String(registered.size + 2),
      register: async ({ version, jobName }: Registration): Promise<WriteOutcome> => {
        if (rivals.shift() === version) registered.set(version, 'a rival');
        if (registered.has(version)) return { kind: 'refused', reason: `Version ${version} is of another job.` };
        registered.set(version, jobName);
        return { kind: 'accepted' };
      },
    };
    return { registered, registry: registry as unknown as ModelRegistry };
  }

  it('registers once per job, however often it runs', async () => {
    const { registered, registry } = registryWith([]);
    expect(await createRegisterVersion(registry)(input)).toEqual({ kind: 'registered', version: '2' });
    expect(await createRegisterVersion(registry)(input)).toEqual({ kind: 'registered', version: '2' });
    expect(registered.size).toBe(1);
  });

  it('steps over versions that others register at the same moment', async () => {
    const { registry } = registryWith(['2', '3']);
    expect(await createRegisterVersion(registry)(input)).toEqual({ kind: 'registered', version: '4' });
  });

  it('gives up with the reason when it never gets one', async () => {
    const { registry } = registryWith(['2', '3', '4', '5', '6']);
    expect(await createRegisterVersion(registry)(input)).toEqual({
      kind: 'refused',
      reason: 'Version 6 is of another job.',
    });
  });
});

describe('recordRetraining', () => {
  const record: RetrainingRecord = {
    retrainingId: 'retrain.flights.air-time.0',
    sequence: 3,
    atIso: '2026-03-01T12:00:00.000Z',
    endpoint: 'flights',
    model: 'air-time',
    trigger: 'drift',
    triggerReference: 'event-1',
    from: 'gating',
    phase: 'gate-failed',
    reason: 'The challenger is not registered.',
    actor: 'policy',
    champion: '1',
    data: 'azureml:rows:7',
    job: 'job-1',
    version: null,
    evidence: null,
  };

  it('keeps one record however often it runs, and publishes it under a stable id', async () => {
    const audit = new InMemoryAuditLog();
    const publisher = new RecordingPublisher();
    const activity = createRecordRetraining(audit, publisher);
    await activity({ record });
    await activity({ record });
    await activity({ record: { ...record, sequence: 2, from: 'training', phase: 'gating' } });
    expect((await audit.listRetraining(record.retrainingId)).map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(publisher.published.map(({ id, type }) => `${id} ${type}`)).toEqual([
      'retrain.flights.air-time.0.3 Slipway.Retraining.Ended',
      'retrain.flights.air-time.0.3 Slipway.Retraining.Ended',
      'retrain.flights.air-time.0.2 Slipway.Retraining.PhaseChanged',
    ]);
  });
});
