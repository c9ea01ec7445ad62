/** Settings of the Durable engine: section `extensions.durableTask` of host.json, checked, with the defaults of Azure. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { ReplayLimits } from '../engine/replay-context.ts';

const DAY_MS = 86_400_000;

const positive = z.int().min(1);
const sectionSchema = z.object({
  hubName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{2,49}$/, 'must be 3 to 50 letters and digits and start with a letter')
    .optional(),
  storageProvider: z.object({ connectionName: z.string().optional() }).optional(),
  maxConcurrentActivityFunctions: positive.optional(),
  maxConcurrentOrchestratorFunctions: positive.optional(),
  maxEntityOperationBatchSize: positive.optional(),
  overridableExistingInstanceStates: z.enum(['NonRunningStates', 'AnyState']).optional(),
  defaultVersion: z.string().optional(),
});

export interface DurableOptions {
  readonly hubName: string;
  /** Name of the setting that holds the connection string. */
  readonly connectionName: string;
  readonly maxConcurrentActivities: number;
  readonly maxConcurrentTurns: number;
  readonly maxOperationBatchSize: number;
  readonly mayReplaceRunning: boolean;
  readonly defaultVersion: string | null;
  readonly limits: ReplayLimits;
}

/** Fails with one message that lists all problems. */
export function readDurableOptions(
  section: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, string>>,
): DurableOptions {
  const parsed = sectionSchema.safeParse(section);
  if (!parsed.success) {
    throw new Error(`host.json, section extensions.durableTask, is wrong:\n${z.prettifyError(parsed.error)}`);
  }
  const read = parsed.data;
  const cores = availableParallelism();
  return {
    hubName: read.hubName ?? hubNameOf(settings.WEBSITE_SITE_NAME),
    connectionName: read.storageProvider?.connectionName ?? 'AzureWebJobsStorage',
    maxConcurrentActivities: read.maxConcurrentActivityFunctions ?? 10 * cores,
    maxConcurrentTurns: read.maxConcurrentOrchestratorFunctions ?? 10 * cores,
    maxOperationBatchSize: read.maxEntityOperationBatchSize ?? 50,
    mayReplaceRunning: read.overridableExistingInstanceStates === 'AnyState',
    defaultVersion: read.defaultVersion ?? null,
    limits: { maximumShortTimerMs: 6 * DAY_MS, longTimerIntervalMs: 3 * DAY_MS, defaultHttpSleepMs: 30_000 },
  };
}

/** Site names may hold characters that table names may not. */
function hubNameOf(siteName: string | undefined): string {
  const name = (siteName ?? '').replace(/[^A-Za-z0-9]/g, '').replace(/^[0-9]+/, '');
  return name.length >= 3 ? name.slice(0, 45) : 'TestHubName';
}
