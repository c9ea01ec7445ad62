/** The ModelMonitors port over Azure ML's schedules, read and written raw: the client drops `monitorDefinition`. */
import { z } from 'zod';
import type { ModelMonitors, MonitorMove, MonitorMoveOutcome } from '../../ports/model-monitor.ts';
import { type ArmRequests, armPath, createArmRequests } from './arm-requests.ts';
import type { AzureMlClient, AzureMlTarget } from './azure-ml-client.ts';
import { movedMonitor, parseMonitor, type ReferenceAsset, watchedDeployment } from './monitor-resource.ts';

const assetSchema = z.looseObject({ properties: z.looseObject({ dataType: z.string() }) });
const CHANGING = new Set(['Creating', 'Updating', 'Deleting']);

export function createModelMonitors(client: AzureMlClient, target: AzureMlTarget): ModelMonitors {
  const arm = createArmRequests(client, target);
  return { moveMonitor: (move) => moveMonitor(arm, move) };
}

async function moveMonitor(arm: ArmRequests, move: MonitorMove): Promise<MonitorMoveOutcome> {
  const { schedule, endpoint } = move;
  const path = armPath('schedules', schedule);
  const body = await arm.get(path);
  if (body === null) return refused(`Schedule ${schedule} does not exist.`);
  const reading = parseMonitor(schedule, body);
  if (!reading.ok) return refused(reading.reason);
  const { resource } = reading;
  const state = resource.properties.provisioningState ?? 'Succeeded';
  if (CHANGING.has(state)) return { kind: 'busy', reason: `An operation runs on schedule ${schedule} (${state}).` };
  const from = watchedDeployment(resource, endpoint);
  if (from === null) return refused(`Schedule ${schedule} watches no deployment of endpoint ${endpoint}.`);
  const reference = await referenceOf(arm, move.reference);
  if (reference === 'absent') return refused(`Its new reference ${move.reference} does not exist.`);
  const moved = movedMonitor(resource, arm.workspaceId, from, { ...move, reference });
  if (state === 'Succeeded' && isSame(resource, moved)) return { kind: 'in-place' };
  const outcome = await arm.write('PUT', path, moved);
  return outcome.kind === 'accepted' ? { kind: 'submitted' } : outcome;
}

/** Null keeps what the monitor compares with now. */
async function referenceOf(arm: ArmRequests, reference: string | null): Promise<ReferenceAsset | null | 'absent'> {
  const [, name, version] = /^azureml:([A-Za-z0-9_-]+):([A-Za-z0-9._-]+)$/.exec(reference ?? '') ?? [];
  if (!name || !version) return reference === null ? null : 'absent';
  const body = await arm.get(armPath('data', name, 'versions', version));
  return body === null ? 'absent' : { name, version, dataType: assetSchema.parse(body).properties.dataType };
}

/** Compared as written: the move touches nothing but texts, so order and members are the same. */
function isSame(resource: object, moved: object): boolean {
  const { properties } = resource as { properties: { provisioningState?: unknown } };
  const { provisioningState: _readOnly, ...present } = properties;
  return JSON.stringify({ properties: present }) === JSON.stringify(moved);
}

function refused(reason: string): MonitorMoveOutcome {
  return { kind: 'refused', reason: reason.slice(0, 1000) };
}
