import { describe, expect, test } from 'vitest';
import { nextFiringMs } from '../../../../local/azure-ml/monitor/schedule/next-firing.ts';
import { scheduleBodySchema, type Trigger } from '../../../../local/azure-ml/monitor/schedule/schedule-schema.ts';

const CREATED = Date.parse('2026-01-01T10:07:00Z');

function trigger(given: object): Trigger {
  const action = { actionType: 'CreateJob', jobDefinition: {} };
  return scheduleBodySchema.parse({ properties: { trigger: given, action } }).properties.trigger;
}

/** The next firings after `after`, as ISO times. */
function firings(given: object, count: number, after = '2026-01-01T10:07:00Z'): readonly string[] {
  const times: string[] = [];
  let afterMs: number | undefined = Date.parse(after);
  while (times.length < count && afterMs !== undefined) {
    afterMs = nextFiringMs(trigger(given), CREATED, afterMs);
    if (afterMs !== undefined) times.push(new Date(afterMs).toISOString().slice(0, 16));
  }
  return times;
}

const recurrence = (frequency: string, interval: number, given: object = {}) => {
  return { triggerType: 'Recurrence', frequency, interval, ...given };
};

describe('a recurrence', () => {
  test('of minutes and hours counts from its start, or from the creation', () => {
    expect(firings(recurrence('Minute', 15), 2)).toEqual(['2026-01-01T10:22', '2026-01-01T10:37']);
    const start = { startTime: '2026-01-01T00:00:00' };
    expect(firings(recurrence('hour', 6, start), 2)).toEqual(['2026-01-01T12:00', '2026-01-01T18:00']);
  });

  test('may fire at its very start, and not after its end', () => {
    const span = { startTime: '2026-02-01T08:00:00', endTime: '2026-02-01T10:30:00' };
    expect(firings(recurrence('Hour', 1, span), 9)).toEqual([
      '2026-02-01T08:00',
      '2026-02-01T09:00',
      '2026-02-01T10:00',
    ]);
    expect(firings(recurrence('Day', 1, span), 1)).toEqual(['2026-02-01T08:00']);
  });

  test('of days keeps to the hours and minutes of its schedule', () => {
    const schedule = { hours: [3, 15], minutes: [30] };
    expect(firings(recurrence('Day', 2, { schedule }), 3)).toEqual([
      '2026-01-01T15:30',
      '2026-01-03T03:30',
      '2026-01-03T15:30',
    ]);
  });

  test('of weeks takes week days, every second week', () => {
    const schedule = { hours: [9], minutes: [0], weekDays: ['Monday', 'Friday'] };
    expect(firings(recurrence('Week', 2, { schedule }), 3)).toEqual([
      '2026-01-02T09:00',
      '2026-01-12T09:00',
      '2026-01-16T09:00',
    ]);
  });

  test('of months takes days of the month, and the day of its start without a schedule', () => {
    const schedule = { hours: [0], minutes: [0], monthDays: [31] };
    expect(firings(recurrence('Month', 1, { schedule }), 3)).toEqual([
      '2026-01-31T00:00',
      '2026-03-31T00:00',
      '2026-05-31T00:00',
    ]);
    expect(firings(recurrence('Month', 3), 2)).toEqual(['2026-04-01T10:07', '2026-07-01T10:07']);
  });

  test('follows the clocks of its time zone', () => {
    const given = { timeZone: 'Europe/Berlin', schedule: { hours: [3], minutes: [15] } };
    expect(firings(recurrence('Day', 1, given), 2, '2026-03-27T12:00:00Z')).toEqual([
      '2026-03-28T02:15',
      '2026-03-29T01:15',
    ]);
    const start = { timeZone: 'America/New_York', startTime: '2026-07-01T00:00:00' };
    expect(firings(recurrence('Hour', 24, start), 1)).toEqual(['2026-07-01T04:00']);
  });
});

describe('a cron trigger', () => {
  test('fires by its five fields, from its start to its end', () => {
    const cron = { triggerType: 'Cron', expression: '0 3 * * 1', startTime: '2026-01-10T00:00:00' };
    expect(firings(cron, 2)).toEqual(['2026-01-12T03:00', '2026-01-19T03:00']);
    expect(firings({ ...cron, endTime: '2026-01-12T03:00:00' }, 2)).toEqual(['2026-01-12T03:00']);
  });
});

test.each([
  ['six fields', { triggerType: 'Cron', expression: '0 0 3 * * *' }],
  ['no cron', { triggerType: 'Cron', expression: 'a b c d e' }],
  ['an interval of 0', recurrence('Day', 0)],
  ['no such hour', recurrence('Day', 1, { schedule: { hours: [24], minutes: [0] } })],
  ['an unknown time zone', recurrence('Day', 1, { timeZone: 'Mars/Olympus' })],
  ['a start that is no time', recurrence('Day', 1, { startTime: 'tomorrow' })],
])('a trigger with %s is refused', (_case, given) => {
  expect(() => trigger(given)).toThrow();
});
