/** Reads a timer's schedule: NCRONTAB with five or six fields in UTC, or a TimeSpan between runs. */
import { Cron } from 'croner';
import { parseTimeSpanMs } from '../settings/time-span.ts';

export interface TimerSchedule {
  /** The first occurrence strictly after `afterMs`; undefined when there is none. */
  nextAfterMs(afterMs: number): number | undefined;
}

/** NCRONTAB knows numbers, names, lists, ranges and steps; croner's further signs (`L`, `W`, `#`, `?`, `@daily`) do not exist there. */
const NCRONTAB_FIELD = /^[0-9A-Za-z*,/-]+$/;
const FIELD_NAME = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/i;

/** Throws with the reason when the text is no schedule. */
export function parseSchedule(text: string): TimerSchedule {
  const intervalMs = parseTimeSpanMs(text.trim());
  if (intervalMs) return { nextAfterMs: (afterMs) => afterMs + intervalMs };
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) throw new Error(`"${text}" has ${fields.length} fields, not 6`);
  for (const field of fields) checkField(field);
  // In NCRONTAB a day must fit both the day-of-month and the day-of-week field.
  const cron = new Cron(fields.join(' '), {
    paused: true,
    timezone: 'UTC',
    mode: '5-or-6-parts',
    domAndDow: true,
    sloppyRanges: true,
  });
  return { nextAfterMs: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

function checkField(field: string): void {
  const words = field.match(/[A-Za-z]+/g) ?? [];
  if (!NCRONTAB_FIELD.test(field) || !words.every((word) => FIELD_NAME.test(word))) {
    throw new Error(`"${field}" is not a field of an NCRONTAB expression`);
  }
}
