/** The YAML of a monitor schedule (CLI v2), as far as it is understood here: drift and data quality signals. */
import { z } from 'zod';

const text = z.string().min(1).max(4096);
const scalarMap = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional();
const oneOrMore = (least: number, most: number) =>
  z
    .union([z.int().min(least).max(most), z.array(z.int().min(least).max(most)).min(1)])
    .transform((given) => [given].flat());
const weekDay = z
  .string()
  .regex(/^(mon|tues|wednes|thurs|fri|satur|sun)day$/i, 'is no day of the week')
  .transform((day) => day.slice(0, 1).toUpperCase() + day.slice(1).toLowerCase());

const span = { start_time: text.optional(), end_time: text.optional(), time_zone: text.optional() };
const trigger = z.discriminatedUnion('type', [
  z.strictObject({ ...span, type: z.literal('cron'), expression: text }),
  z.strictObject({
    ...span,
    type: z.literal('recurrence'),
    frequency: z.enum(['minute', 'hour', 'day', 'week', 'month']),
    interval: z.int().min(1),
    schedule: z
      .strictObject({
        hours: oneOrMore(0, 23),
        minutes: oneOrMore(0, 59),
        week_days: z
          .union([weekDay, z.array(weekDay)])
          .transform((given) => [given].flat())
          .optional(),
        month_days: oneOrMore(1, 31).optional(),
      })
      .optional(),
  }),
]);

const inputData = z.strictObject({ path: text, type: z.enum(['uri_file', 'uri_folder', 'mltable']) });
const lookback = { lookback_window_size: text.optional(), lookback_window_offset: text.optional() };
const productionData = z.strictObject({
  input_data: inputData,
  data_context: text.optional(),
  data_column_names: z.record(z.string(), z.string()).optional(),
  data_window: z.strictObject(lookback).optional(),
});
const referenceData = z.strictObject({
  input_data: inputData,
  data_context: text.optional(),
  target_column_name: text.optional(),
  data_column_names: z.record(z.string(), z.string()).optional(),
  data_window: z.strictObject({ ...lookback, window_start: text.optional(), window_end: text.optional() }).optional(),
});

const value = z.number().optional();
const driftThresholds = z.strictObject({
  numerical: z
    .strictObject({
      jensen_shannon_distance: value,
      normalized_wasserstein_distance: value,
      population_stability_index: value,
      two_sample_kolmogorov_smirnov_test: value,
    })
    .optional(),
  categorical: z
    .strictObject({
      jensen_shannon_distance: value,
      population_stability_index: value,
      pearsons_chi_squared_test: value,
    })
    .optional(),
});
const rates = z
  .strictObject({ null_value_rate: value, data_type_error_rate: value, out_of_bounds_rate: value })
  .optional();
const qualityThresholds = z.strictObject({ numerical: rates, categorical: rates });

const common = {
  alert_enabled: z.boolean().optional(),
  production_data: productionData,
  reference_data: referenceData,
  properties: scalarMap,
};
const features = z.union([z.literal('all_features'), z.array(text).min(1)]).optional();
const overrides = z.record(z.string(), z.enum(['numerical', 'categorical'])).optional();
const ofFeatures = { ...common, features, feature_type_override: overrides };

const signal = z.discriminatedUnion('type', [
  z.strictObject({ ...ofFeatures, type: z.literal('data_drift'), metric_thresholds: driftThresholds.optional() }),
  z.strictObject({ ...common, type: z.literal('prediction_drift'), metric_thresholds: driftThresholds.optional() }),
  z.strictObject({ ...ofFeatures, type: z.literal('data_quality'), metric_thresholds: qualityThresholds.optional() }),
]);

export const monitorScheduleSchema = z.strictObject({
  $schema: text.optional(),
  name: text,
  display_name: text.optional(),
  description: z.string().max(10_000).optional(),
  tags: scalarMap,
  properties: scalarMap,
  trigger,
  create_monitor: z.strictObject({
    compute: z.strictObject({ instance_type: text, runtime_version: z.coerce.string() }),
    monitoring_target: z
      .strictObject({
        ml_task: z.enum(['classification', 'regression']),
        endpoint_deployment_id: text.optional(),
        model_id: text.optional(),
      })
      .optional(),
    monitoring_signals: z.record(z.string(), signal),
    alert_notification: z.strictObject({ emails: z.array(text) }).optional(),
  }),
});

export type MonitorScheduleYaml = z.output<typeof monitorScheduleSchema>;
export type MonitorSignalYaml = MonitorScheduleYaml['create_monitor']['monitoring_signals'][string];
