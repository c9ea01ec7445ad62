/** Makes a listener for each timer function of the app, or says which one is configured wrongly. */
import { z } from 'zod';
import type { Clock } from '../../emulator/clock.ts';
import { findTrigger } from '../bindings/find-trigger.ts';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionDefinition, FunctionInvoker } from '../seams/invocation.ts';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { parseRetryPolicy } from './retry-policy.ts';
import { TimerListener } from './timer-listener.ts';
import { parseSchedule, type TimerSchedule } from './timer-schedule.ts';
import type { TimerStatusStore } from './timer-status.ts';

/** Timers that run more often than once a minute are never monitored, whatever they ask for. */
const MONITORED_INTERVAL_MS = 60_000;

const bindingSchema = z.looseObject({
  schedule: z.string().min(1),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});

export interface TimerParts {
  readonly invoker: FunctionInvoker;
  readonly status: TimerStatusStore;
  readonly clock: Clock;
  readonly log: HostLog;
}

export function createTimers(parts: TimerParts): ReadonlyMap<string, TimerListener> {
  const timers = new Map<string, TimerListener>();
  for (const definition of parts.invoker.functions()) {
    const trigger = findTrigger(definition);
    if (trigger?.type === 'timerTrigger') timers.set(definition.name, createTimer(definition, trigger, parts));
  }
  return timers;
}

function createTimer(definition: FunctionDefinition, trigger: object, parts: TimerParts): TimerListener {
  try {
    const { schedule: text, runOnStartup, useMonitor } = bindingSchema.parse(trigger);
    const schedule = parseSchedule(text);
    const isMonitored = useMonitor && isRare(schedule, parts.clock.nowMs());
    return new TimerListener({
      functionName: definition.name,
      schedule,
      runOnStartup,
      status: isMonitored ? parts.status : undefined,
      retry: parseRetryPolicy(definition.retryOptions),
      invoker: parts.invoker,
      clock: parts.clock,
      log: parts.log,
    });
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    const what = `The timer function ${definition.name} cannot be scheduled: ${reason}.`;
    throw new StartFailure(
      'binding',
      what,
      'Write the schedule as "{second} {minute} {hour} {day} {month} {weekday}".',
      {
        cause,
      },
    );
  }
}

function isRare(schedule: TimerSchedule, nowMs: number): boolean {
  const firstMs = schedule.nextAfterMs(nowMs);
  const secondMs = firstMs === undefined ? undefined : schedule.nextAfterMs(firstMs);
  return firstMs === undefined || secondMs === undefined || secondMs - firstMs >= MONITORED_INTERVAL_MS;
}
