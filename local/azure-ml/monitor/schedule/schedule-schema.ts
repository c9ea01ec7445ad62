/** The PUT body of a schedule: when it fires and what it then does. */
import { z } from 'zod';
import { anyCaseEnum } from '../../arm/protocol/any-case-enum.ts';
import { stringMapSchema } from '../../arm/protocol/string-map.ts';
import { monitorSchema } from '../seams/monitor-schema.ts';
import { cronOf } from './cron-of.ts';
import { timeZoneProblem } from './zoned-time.ts';

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

const localTime = z
  .string()
  .regex(LOCAL_TIME, 'is no date and time such as 2026-01-01T00:00:00')
  .refine((given) => !Number.isNaN(Date.parse(given)), 'is no date and time that exists')
  .nullish();

const span = {
  startTime: localTime,
  endTime: localTime,
  timeZone: z
    .string()
    .max(100)
    .nullish()
    .transform((given) => given ?? 'UTC')
    .refine((given) => timeZoneProblem(given) === undefined, 'is no IANA time zone or UTC'),
};

const numbers = (min: number, max: number) => z.array(z.int().min(min).max(max)).max(100);
const WEEK_DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const recurrence = z.object({
  ...span,
  triggerType: z.literal('Recurrence'),
  frequency: anyCaseEnum(['Minute', 'Hour', 'Day', 'Week', 'Month']),
  interval: z.int().min(1).max(1000),
  schedule: z
    .object({
      hours: numbers(0, 23).min(1),
      minutes: numbers(0, 59).min(1),
      weekDays: z.array(anyCaseEnum(WEEK_DAYS)).max(7).nullish(),
      monthDays: numbers(1, 31).nullish(),
    })
    .nullish(),
});

const cron = z.object({
  ...span,
  triggerType: z.literal('Cron'),
  expression: z.string().max(200).refine(isCron, 'is no cron expression of five fields'),
});

const action = z.discriminatedUnion('actionType', [
  z.object({ actionType: z.literal('CreateMonitor'), monitorDefinition: monitorSchema }),
  z.object({ actionType: z.literal('CreateJob'), jobDefinition: z.record(z.string(), z.unknown()) }),
  z.object({ actionType: z.literal('InvokeBatchEndpoint') }).refine(() => false, 'batch endpoints are not emulated'),
]);

export const scheduleBodySchema = z.object({
  properties: z.object({
    displayName: z.string().max(255).nullish(),
    description: z.string().max(10_000).nullish(),
    tags: stringMapSchema,
    properties: stringMapSchema,
    isEnabled: z
      .boolean()
      .nullish()
      .transform((given) => given ?? true),
    trigger: z.discriminatedUnion('triggerType', [recurrence, cron]),
    action,
  }),
});

export type ScheduleProperties = z.output<typeof scheduleBodySchema>['properties'];
export type Trigger = ScheduleProperties['trigger'];
export type RecurrenceTrigger = Extract<Trigger, { triggerType: 'Recurrence' }>;

function isCron(expression: string): boolean {
  try {
    cronOf(expression, 'UTC');
    return true;
  } catch {
    return false;
  }
}
