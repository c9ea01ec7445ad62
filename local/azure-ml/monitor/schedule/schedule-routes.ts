/** PUT, GET, list and DELETE of schedules. */
import type { Clock } from '../../../emulator/clock.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok, param } from '../../arm/protocol/arm-call.ts';
import { ArmError, notFound, parseBody } from '../../arm/protocol/arm-error.ts';
import { requireResourceName } from '../../arm/protocol/names.ts';
import type { OperationReplies } from '../../arm/protocol/operation-replies.ts';
import type { Operations } from '../../arm/protocol/operations.ts';
import { page } from '../../arm/protocol/paging.ts';
import { stamp } from '../../arm/protocol/system-data.ts';
import { armId, armType, type WorkspaceOptions } from '../../arm/protocol/workspace.ts';
import { scheduleBodySchema } from './schedule-schema.ts';
import type { Schedule, ScheduleStore } from './schedule-store.ts';
import type { Scheduler } from './scheduler.ts';

export interface ScheduleContext {
  readonly clock: Clock;
  readonly workspace: WorkspaceOptions;
  readonly operations: Operations;
  readonly replies: OperationReplies;
  readonly schedules: ScheduleStore;
  readonly scheduler: Scheduler;
}

const MAX_SCHEDULES = 500;
/** The first stable version with monitors (Azure/azure-rest-api-specs). */
const MONITORS_SINCE = '2024-04-01';
const PATH = '/schedules/:name';

export function scheduleRoutes(context: ScheduleContext): readonly ArmRoute[] {
  return [
    { method: 'GET', path: '/schedules', handle: (call) => listSchedules(context, call) },
    { method: 'GET', path: PATH, handle: (call) => ok(show(context, call, requireSchedule(context, call))) },
    { method: 'PUT', path: PATH, handle: (call) => putSchedule(context, call) },
    { method: 'DELETE', path: PATH, handle: (call) => deleteSchedule(context, call) },
  ];
}

function requireSchedule({ schedules, workspace }: ScheduleContext, call: ArmCall): Schedule {
  const name = param(call, 'name');
  const schedule = schedules.find(name);
  if (!schedule) throw notFound(armId(workspace, 'schedules', name));
  return schedule;
}

function listSchedules(context: ScheduleContext, call: ArmCall): ArmReply {
  const isShown = enabledFilter(call.query('listViewType'));
  const shown = context.schedules.list().filter(({ properties }) => isShown(properties.isEnabled));
  return page(call, shown, (schedule) => show(context, call, schedule));
}

function enabledFilter(view: string | undefined): (isEnabled: boolean) => boolean {
  switch (view?.toLowerCase() ?? 'enabledonly') {
    case 'enabledonly':
      return (isEnabled) => isEnabled;
    case 'disabledonly':
      return (isEnabled) => !isEnabled;
    case 'all':
      return () => true;
    default:
      throw new ArmError(400, 'BadRequest', `listViewType '${view}' is not one of EnabledOnly, DisabledOnly, All.`);
  }
}

function putSchedule(context: ScheduleContext, call: ArmCall): ArmReply {
  const name = param(call, 'name');
  requireResourceName(name);
  const { properties } = parseBody(scheduleBodySchema, call.body);
  if (properties.action.actionType === 'CreateMonitor' && call.apiVersion.text < MONITORS_SINCE) {
    const message = `Monitors need api-version ${MONITORS_SINCE} or newer; ${call.apiVersion.text} does not know them.`;
    throw new ArmError(400, 'BadRequest', message);
  }
  const { written } = { written: (call.body as { properties: Record<string, unknown> }).properties };
  const known = context.schedules.find(name);
  if (known) requireIdle(known);
  const before = known && { properties: known.properties, written: known.written };
  const schedule = known ?? create(context, call, name, properties, written);
  Object.assign(schedule, { properties, written, isBusy: true, state: known ? 'Updating' : 'Creating' });
  const operation = context.operations.start({
    title: `PUT ${call.url}`,
    work: async () => ({ ok: true }),
    settle: ({ ok: succeeded }) => {
      if (!succeeded && before) Object.assign(schedule, before);
      schedule.isBusy = false;
      schedule.state = succeeded ? 'Succeeded' : 'Failed';
      schedule.systemData = stamp(context.clock.nowMs(), call.callerId, schedule.systemData);
      if (!succeeded) return;
      schedule.isActive = true;
      context.scheduler.plan(schedule);
    },
  });
  return context.replies.written(call, operation, known ? 200 : 201, show(context, call, schedule));
}

function create(
  context: ScheduleContext,
  call: ArmCall,
  name: string,
  properties: Schedule['properties'],
  written: Schedule['written'],
): Schedule {
  if (context.schedules.list().length >= MAX_SCHEDULES) {
    throw new ArmError(400, 'OutOfQuota', `The workspace has ${MAX_SCHEDULES} schedules, its limit. Delete one first.`);
  }
  const nowMs = context.clock.nowMs();
  const systemData = stamp(nowMs, call.callerId);
  const flags = { state: 'Creating', isBusy: true, isActive: false } as const;
  const schedule: Schedule = { name, createdAtMs: nowMs, properties, written, systemData, ...flags };
  context.schedules.add(schedule);
  return schedule;
}

function deleteSchedule(context: ScheduleContext, call: ArmCall): ArmReply {
  const schedule = context.schedules.find(param(call, 'name'));
  if (!schedule) return { status: 204 };
  requireIdle(schedule);
  schedule.isBusy = true;
  schedule.state = 'Deleting';
  const operation = context.operations.start({
    title: `DELETE ${call.url}`,
    work: async () => ({ ok: true }),
    settle: ({ ok: succeeded }) => {
      schedule.isBusy = false;
      if (!succeeded) {
        schedule.state = 'Failed';
        return;
      }
      context.scheduler.unplan(schedule);
      context.schedules.remove(schedule);
    },
  });
  return context.replies.accepted(call, operation);
}

function requireIdle({ isBusy, name }: Schedule): void {
  if (!isBusy) return;
  throw new ArmError(409, 'Conflict', `Another operation is in progress on the schedule '${name}'. Wait for its end.`);
}

/** What was written comes back, with what the service adds; older api-versions do not know what a monitor is. */
function show({ workspace }: ScheduleContext, call: ArmCall, schedule: Schedule): object {
  const { written, properties, state } = schedule;
  const isHidden = properties.action.actionType === 'CreateMonitor' && call.apiVersion.text < MONITORS_SINCE;
  return {
    id: armId(workspace, 'schedules', schedule.name),
    name: schedule.name,
    type: armType('schedules'),
    properties: {
      ...written,
      displayName: properties.displayName ?? null,
      description: properties.description ?? null,
      tags: properties.tags,
      properties: properties.properties,
      isEnabled: properties.isEnabled,
      action: isHidden ? { actionType: 'CreateMonitor' } : written.action,
      provisioningState: state,
    },
    systemData: schedule.systemData,
  };
}
