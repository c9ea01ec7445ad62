/** Decides when a trigger fires next ("CLI (v2) schedule YAML schema"). */
import type { Cron } from 'croner';
import { cronOf } from './cron-of.ts';
import type { RecurrenceTrigger, Trigger } from './schedule-schema.ts';
import { momentMs, wallClockMs } from './zoned-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Occurrences that an interval above 1 passes over before it gives up: years of daily ones. */
const MAX_TRIES = 40_000;

/** First firing strictly after `afterMs`; undefined when there is none. `createdAtMs` is the start where none is given. */
export function nextFiringMs(trigger: Trigger, createdAtMs: number, afterMs: number): number | undefined {
  const startMs = trigger.startTime ? momentMs(trigger.startTime, trigger.timeZone) : createdAtMs;
  const endMs = trigger.endTime ? momentMs(trigger.endTime, trigger.timeZone) : Number.POSITIVE_INFINITY;
  // The start itself may fire.
  const fromMs = Math.max(afterMs, startMs - 1);
  const nextMs =
    trigger.triggerType === 'Cron'
      ? nextOf(cronOf(trigger.expression, trigger.timeZone), fromMs)
      : nextRecurrence(trigger, startMs, fromMs);
  return nextMs !== undefined && nextMs <= endMs ? nextMs : undefined;
}

function nextOf(cron: Cron, afterMs: number): number | undefined {
  return cron.nextRun(new Date(afterMs))?.getTime();
}

function nextRecurrence(trigger: RecurrenceTrigger, startMs: number, afterMs: number): number | undefined {
  const { frequency, interval } = trigger;
  if (frequency === 'Minute' || frequency === 'Hour') {
    const everyMs = interval * (frequency === 'Minute' ? MINUTE_MS : 60 * MINUTE_MS);
    return startMs + Math.max(0, Math.floor((afterMs - startMs) / everyMs) + 1) * everyMs;
  }
  const cron = cronOf(patternOf(trigger, startMs), trigger.timeZone);
  const firstPeriod = periodOf(frequency, wallClockMs(startMs, trigger.timeZone));
  let atMs = nextOf(cron, afterMs);
  for (let tries = 0; atMs !== undefined && tries < MAX_TRIES; tries += 1) {
    const period = periodOf(frequency, wallClockMs(atMs, trigger.timeZone));
    if ((period - firstPeriod) % interval === 0) return atMs;
    atMs = nextOf(cron, atMs);
  }
  return undefined;
}

/** Without a schedule the start gives the time of day, the day of the week and the day of the month. */
function patternOf({ frequency, schedule, timeZone }: RecurrenceTrigger, startMs: number): string {
  const start = new Date(wallClockMs(startMs, timeZone));
  const minutes = schedule?.minutes ?? [start.getUTCMinutes()];
  const hours = schedule?.hours ?? [start.getUTCHours()];
  const monthDays = schedule?.monthDays?.length ? schedule.monthDays : [start.getUTCDate()];
  const weekDays = schedule?.weekDays?.length
    ? schedule.weekDays.map((day) => day.slice(0, 3).toUpperCase())
    : [start.getUTCDay()];
  const days = frequency === 'Month' ? monthDays.join(',') : '*';
  const named = frequency === 'Week' || schedule?.weekDays?.length ? weekDays.join(',') : '*';
  return `${minutes.join(',')} ${hours.join(',')} ${days} * ${frequency === 'Month' ? '*' : named}`;
}

/** Number of the day, week (from Monday) or month that a wall-clock time lies in. */
function periodOf(frequency: 'Day' | 'Week' | 'Month', wallMs: number): number {
  const days = Math.floor(wallMs / DAY_MS);
  if (frequency === 'Day') return days;
  // The first of January 1970 was a Thursday.
  if (frequency === 'Week') return Math.floor((days + 3) / 7);
  const date = new Date(wallMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
