/** The activities of retrainings over their ports, by name. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { RetrainingActivityContracts } from '../../contracts/retraining-activities.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { DataRows } from '../../ports/data-rows.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { AuditLog, EvidenceStore } from '../../ports/records.ts';
import type { RunMetrics } from '../../ports/run-metrics.ts';
import type { TrainingData } from '../../ports/training-data.ts';
import type { TrainingJobs } from '../../ports/training-jobs.ts';
import { createConfirmDrift } from './confirm-drift.ts';
import { createCancelJob, createReadJob } from './follow-job.ts';
import { createInspectData } from './inspect-data.ts';
import { createJudgeChallenger } from './judge-challenger.ts';
import { createReadChampion } from './read-champion.ts';
import { createRecordRetraining } from './record-retraining.ts';
import { createRegisterVersion } from './register-version.ts';
import { createSubmitJob } from './submit-job.ts';

export interface RetrainingPorts {
  readonly platform: ModelPlatform;
  readonly publisher: EventPublisher;
  readonly audit: AuditLog;
  readonly evidence: EvidenceStore;
  readonly jobs: TrainingJobs;
  readonly assets: DataAssets;
  readonly trainingData: TrainingData;
  readonly rows: DataRows;
  readonly registry: ModelRegistry;
  readonly runs: RunMetrics;
}

export type RetrainingActivities = {
  readonly [Name in keyof RetrainingActivityContracts]: ActivityHandler<Name>;
};

export function createRetrainingActivities(ports: RetrainingPorts): RetrainingActivities {
  const { platform, publisher, audit, evidence, jobs, assets, trainingData, rows, registry, runs } = ports;
  return {
    readChampion: createReadChampion(platform),
    confirmDrift: createConfirmDrift({ assets, rows, evidence }),
    inspectData: createInspectData(assets, trainingData),
    submitJob: createSubmitJob(jobs, registry),
    readJob: createReadJob(jobs),
    cancelJob: createCancelJob(jobs),
    judgeChallenger: createJudgeChallenger({ runs, evidence, assets, rows }),
    registerVersion: createRegisterVersion(registry),
    recordRetraining: createRecordRetraining(audit, publisher),
  };
}
