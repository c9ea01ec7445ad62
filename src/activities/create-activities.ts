/** All activities over their ports, by name; `wakeRollout` is apart, because its port belongs to one invocation. */
import type { ActivityHandler, ActivityName } from '../contracts/activities.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventPublisher } from '../ports/events.ts';
import type { ModelMonitors } from '../ports/model-monitor.ts';
import type { ModelPlatform } from '../ports/model-platform.ts';
import type { AuditLog, EvidenceStore } from '../ports/records.ts';
import type { Scaling } from '../ports/scaling.ts';
import type { Scoring } from '../ports/scoring.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Tokens } from '../ports/tokens.ts';
import { createJudgeTraffic } from './judge/judge-traffic.ts';
import { createRetrainingActivities, type RetrainingPorts } from './retraining/create-retraining-activities.ts';
import { createAnnounce } from './rollout/announce.ts';
import { createAssessVersion } from './rollout/assess-version.ts';
import { createCreateGreen } from './rollout/create-green.ts';
import { createDeleteDeployment } from './rollout/delete-deployment.ts';
import { createMoveMonitor } from './rollout/move-monitor.ts';
import { createReadDeployment } from './rollout/read-deployment.ts';
import { createReadTraffic } from './rollout/read-traffic.ts';
import { createRecordAudit } from './rollout/record-audit.ts';
import { type ApprovalLinksConfig, createRequestApproval } from './rollout/request-approval.ts';
import { createReadCapacity, createSetCapacity } from './rollout/scale-deployment.ts';
import { createShiftTraffic } from './rollout/shift-traffic.ts';
import { createSmokeTest } from './rollout/smoke-test.ts';
import { createTagVersion } from './rollout/tag-version.ts';
import { createTakeSnapshot } from './rollout/take-snapshot.ts';
import { createVerifyApproval } from './rollout/verify-approval.ts';

export interface ActivityPorts extends RetrainingPorts {
  readonly platform: ModelPlatform;
  readonly monitors: ModelMonitors;
  readonly scaling: Scaling;
  readonly scoring: Scoring;
  readonly telemetry: Telemetry;
  readonly publisher: EventPublisher;
  readonly audit: AuditLog;
  readonly evidence: EvidenceStore;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

export type Activities = { readonly [Name in Exclude<ActivityName, 'wakeRollout'>]: ActivityHandler<Name> };

export function createActivities(ports: ActivityPorts, config: ApprovalLinksConfig): Activities {
  const { platform, monitors, scaling, scoring, telemetry, publisher, audit, evidence, tokens, clock, assets, rows } =
    ports;
  return {
    ...createRetrainingActivities(ports),
    assessVersion: createAssessVersion(platform),
    takeSnapshot: createTakeSnapshot(platform, clock),
    createGreen: createCreateGreen(platform),
    readDeployment: createReadDeployment(platform),
    smokeTest: createSmokeTest(scoring),
    shiftTraffic: createShiftTraffic(platform),
    readTraffic: createReadTraffic(platform),
    judgeTraffic: createJudgeTraffic(telemetry, { assets, rows }, evidence),
    requestApproval: createRequestApproval(tokens, publisher, config),
    verifyApproval: createVerifyApproval(tokens),
    recordAudit: createRecordAudit(audit, publisher),
    tagVersion: createTagVersion(platform),
    deleteDeployment: createDeleteDeployment(platform),
    moveMonitor: createMoveMonitor(platform, monitors),
    readCapacity: createReadCapacity(platform),
    setCapacity: createSetCapacity(scaling),
    announce: createAnnounce(publisher),
  };
}
