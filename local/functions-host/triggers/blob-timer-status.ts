/**
 * Keeps timer status where the real host keeps it: blob `timers/<host id>/Host.Functions.<name>/status` in the container
 * `azure-webjobs-hosts` of the app's storage (azure-webjobs-sdk-extensions, storage schedule monitor). Without reachable
 * storage the timers still run; a missed run is then not noticed.
 */
import { createHash } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { HostLog } from '../seams/host-log.ts';
import { messageOf } from '../seams/start-failure.ts';
import type { Settings } from '../settings/local-settings.ts';
import { readSetting } from '../settings/setting-references.ts';
import { createMemoryTimerStatus, type TimerStatus, type TimerStatusStore } from './timer-status.ts';

const CONTAINER = 'azure-webjobs-hosts';
const timeMs = z.iso.datetime({ offset: true, local: true }).transform((text) => Date.parse(text));
const statusSchema = z.looseObject({ Last: timeMs, Next: timeMs, LastUpdated: timeMs });
const NEVER = '0001-01-01T00:00:00Z';

/** In memory when the app has no storage connection. */
export function createTimerStatus(settings: Settings, scriptRoot: string, log: HostLog): TimerStatusStore {
  const connection = readSetting(settings, 'AzureWebJobsStorage');
  if (!connection) return createMemoryTimerStatus();
  const folder = `timers/${hostId(settings, scriptRoot)}`;
  let opened: Promise<ContainerClient> | undefined;
  const blobOf = async (functionName: string) => {
    opened ??= openContainer(connection);
    return (await opened).getBlockBlobClient(`${folder}/Host.Functions.${functionName}/status`);
  };
  return {
    read: (functionName) =>
      tolerate(log, `read the status of timer ${functionName}`, async () => {
        const blob = await blobOf(functionName);
        return (await blob.exists()) ? parseStatus(await blob.downloadToBuffer()) : undefined;
      }),
    write: (functionName, status) =>
      tolerate(log, `write the status of timer ${functionName}`, async () => {
        const text = formatStatus(status);
        await (await blobOf(functionName)).upload(text, Buffer.byteLength(text));
      }),
  };
}

function hostId(settings: Settings, scriptRoot: string): string {
  const named = readSetting(settings, 'AzureFunctionsWebHost__hostid') ?? readSetting(settings, 'WEBSITE_SITE_NAME');
  return named?.toLowerCase() || createHash('sha256').update(scriptRoot).digest('hex').slice(0, 32);
}

/** Imported only when a timer needs it: the storage client is the slowest part of a start. */
async function openContainer(connection: string): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const service = BlobServiceClient.fromConnectionString(connection, { retryOptions: { maxTries: 2 } });
  const container = service.getContainerClient(CONTAINER);
  await container.createIfNotExists();
  return container;
}

function parseStatus(content: Buffer): TimerStatus {
  const { Last, Next, LastUpdated } = statusSchema.parse(JSON.parse(content.toString('utf8')));
  return { lastMs: Last < 0 ? undefined : Last, nextMs: Next, updatedMs: LastUpdated };
}

function formatStatus({ lastMs, nextMs, updatedMs }: TimerStatus): string {
  const [next, updated] = [nextMs, updatedMs].map((ms) => new Date(ms).toISOString());
  return JSON.stringify({
    Last: lastMs === undefined ? NEVER : new Date(lastMs).toISOString(),
    Next: next,
    LastUpdated: updated,
  });
}

async function tolerate<T>(log: HostLog, what: string, task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    log('warning', `Could not ${what}: ${messageOf(error)}. The timer runs on; a missed run may go unnoticed.`);
    return undefined;
  }
}
