/** What every part of the jobs works with. */
import type { SystemEventSink } from '../../../contracts/system-event.ts';
import type { Clock } from '../../../emulator/clock.ts';
import type { AssetKind } from '../../arm/assets/asset-kind.ts';
import type { AssetStore } from '../../arm/assets/asset-store.ts';
import type { OperationReplies } from '../../arm/protocol/operation-replies.ts';
import type { Operations } from '../../arm/protocol/operations.ts';
import type { WorkspaceOptions } from '../../arm/protocol/workspace.ts';
import type { ArtifactStore } from '../../arm/storage/artifact-store.ts';
import type { JobLauncher } from '../launch/job-launcher.ts';
import type { RunSlots } from '../launch/run-slots.ts';
import type { JobStore } from '../state/job.ts';
import type { RunTracking } from './run-tracking.ts';

export interface JobContext {
  readonly clock: Clock;
  readonly workspace: WorkspaceOptions;
  readonly jobs: JobStore;
  readonly assets: Readonly<Record<AssetKind, AssetStore>>;
  readonly artifacts: ArtifactStore;
  readonly events: SystemEventSink;
  readonly operations: Operations;
  readonly replies: OperationReplies;
  readonly tracking: RunTracking;
  readonly launcher: JobLauncher;
  readonly slots: RunSlots;
  /** Shortest time in each state before and after running. */
  readonly stageMs: number;
  /** Folder for what running jobs work on; a job's part is deleted when it has ended. */
  readonly workFolder: string;
  /** Aborts when the emulator stops: nothing is announced or written after that. */
  readonly stopping: AbortSignal;
}
