/** Registers the functions that run on a schedule: NCRONTAB expressions in UTC. */
import { setTimeout } from 'node:timers/promises';
import { app as functions, type TimerFunctionOptions } from '@azure/functions';
import * as df from 'durable-functions';
import { createOrchestrationControl } from '../adapters/durable/orchestration-control.ts';
import type { App } from '../compose.ts';
import type { Settings } from '../config/settings.ts';
import type { TimerFunctions, TimerHandler } from '../functions/timers/create-timer-functions.ts';

export type Schedules = Pick<Settings, 'pollSchedule' | 'watchdogSchedule'>;

const EVERY_HOUR = '0 17 * * * *';
/** A chore at start loads client libraries: the request that started the instance goes first. */
const AFTER_START_MS = 2000;

export function registerTimers({ timers }: App, { pollSchedule, watchdogSchedule }: Schedules): void {
  const looks: Readonly<Record<keyof TimerFunctions['timers'], string>> = {
    pollModels: pollSchedule,
    pollData: pollSchedule,
    watchLanes: watchdogSchedule,
    watchRetrainings: watchdogSchedule,
  };
  const chores: Readonly<Record<keyof TimerFunctions['chores'], Omit<TimerFunctionOptions, 'handler'>>> = {
    checkWorkspace: { schedule: EVERY_HOUR, runOnStartup: true },
    flushOutbox: { schedule: watchdogSchedule },
  };
  for (const [name, schedule] of entriesOf(looks)) registerTimer(name, schedule, timers.timers[name]);
  for (const { name, schedule, handler } of timers.retrainings) registerTimer(name, schedule, handler);
  for (const [name, trigger] of entriesOf(chores)) {
    const chore = timers.chores[name];
    if (!chore) continue;
    const handler: TimerFunctionOptions['handler'] = async (_timer, context) => {
      if (trigger.runOnStartup) await setTimeout(AFTER_START_MS);
      return chore(context);
    };
    functions.timer(name, { ...trigger, handler });
  }
}

function registerTimer(name: string, schedule: string, handle: TimerHandler): void {
  df.app.client.timer(name, {
    schedule,
    handler: (_timer, client, context) => handle(createOrchestrationControl(client), context),
  });
}

function entriesOf<Key extends string, Value>(table: Readonly<Record<Key, Value>>): readonly [Key, Value][] {
  return Object.entries(table) as [Key, Value][];
}
