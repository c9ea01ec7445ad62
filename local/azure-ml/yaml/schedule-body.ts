/** Translates a monitor schedule's YAML into its ARM body; defaults are those of azure-ai-ml 1.35.2. */
import type { MonitorScheduleYaml, MonitorSignalYaml } from './monitor-yaml-schema.ts';

type Trigger = MonitorScheduleYaml['trigger'];
type ReferenceData = MonitorSignalYaml['reference_data'];
/** Values by metric, by data type. */
type Thresholds = Readonly<Record<string, Readonly<Record<string, number | undefined>> | undefined>>;

const SIGNAL_TYPES = { data_drift: 'DataDrift', prediction_drift: 'PredictionDrift', data_quality: 'DataQuality' };

const DRIFT: Thresholds = {
  numerical: { normalized_wasserstein_distance: 0.1 },
  categorical: { jensen_shannon_distance: 0.1 },
};
const RATES = { null_value_rate: 0, data_type_error_rate: 0, out_of_bounds_rate: 0 };
const QUALITY: Thresholds = { numerical: RATES, categorical: RATES };

export function scheduleBody(spec: MonitorScheduleYaml): object {
  const { create_monitor: monitor } = spec;
  const target = monitor.monitoring_target;
  const days = defaultDays(spec.trigger);
  const signals = Object.entries(monitor.monitoring_signals).map(([name, signal]) => [name, signalBody(signal, days)]);
  const monitorDefinition = {
    computeConfiguration: {
      computeType: 'ServerlessSpark',
      instanceType: monitor.compute.instance_type,
      runtimeVersion: monitor.compute.runtime_version,
      computeIdentity: { computeIdentityType: 'AmlToken' },
    },
    monitoringTarget: target && {
      taskType: pascal(target.ml_task),
      deploymentId: target.endpoint_deployment_id,
      modelId: target.model_id,
    },
    alertNotificationSettings: monitor.alert_notification && {
      emailNotificationSettings: { emails: monitor.alert_notification.emails },
    },
    signals: Object.fromEntries(signals),
  };
  return {
    properties: {
      displayName: spec.display_name ?? spec.name,
      description: spec.description,
      tags: spec.tags,
      properties: spec.properties,
      isEnabled: true,
      trigger: triggerBody(spec.trigger),
      action: { actionType: 'CreateMonitor', monitorDefinition },
    },
  };
}

function triggerBody(trigger: Trigger): object {
  const span = { startTime: trigger.start_time, endTime: trigger.end_time, timeZone: trigger.time_zone ?? 'UTC' };
  if (trigger.type === 'cron') return { triggerType: 'Cron', expression: trigger.expression, ...span };
  const { schedule } = trigger;
  return {
    triggerType: 'Recurrence',
    frequency: pascal(trigger.frequency),
    interval: trigger.interval,
    ...span,
    schedule: schedule && {
      hours: schedule.hours,
      minutes: schedule.minutes,
      weekDays: schedule.week_days,
      monthDays: schedule.month_days,
    },
  };
}

function signalBody(signal: MonitorSignalYaml, days: number): object {
  const { production_data: production, type } = signal;
  const thresholds: Thresholds = signal.metric_thresholds ?? (type === 'data_quality' ? QUALITY : DRIFT);
  const overrides = 'feature_type_override' in signal ? signal.feature_type_override : undefined;
  return {
    signalType: SIGNAL_TYPES[type],
    notificationTypes: signal.alert_enabled ? ['AmlNotification'] : [],
    properties: signal.properties,
    productionData: {
      ...inputBody(production),
      inputDataType: 'Rolling',
      columns: production.data_column_names,
      windowSize: chosen(production.data_window?.lookback_window_size, days),
      windowOffset: production.data_window?.lookback_window_offset ?? 'P0D',
    },
    referenceData: referenceBody(signal.reference_data, days),
    features: 'features' in signal ? featuresBody(signal.features) : undefined,
    featureDataTypeOverride:
      overrides && Object.fromEntries(Object.entries(overrides).map(([name, dataType]) => [name, pascal(dataType)])),
    metricThresholds: Object.entries(thresholds).flatMap(([dataType, values]) =>
      thresholdBodies(dataType, values ?? {}),
    ),
  };
}

function inputBody({ input_data: input, data_context: context }: MonitorSignalYaml['production_data']): object {
  return { jobInputType: input.type, uri: input.path, dataContext: context };
}

/** Whole unless a window is given: between two moments, or looking back. */
function referenceBody(reference: ReferenceData, days: number): object {
  const { data_window: window, target_column_name: target } = reference;
  const columns = { ...reference.data_column_names, ...(target === undefined ? {} : { target_column: target }) };
  const input = { ...inputBody(reference), columns };
  if (window?.lookback_window_size !== undefined) {
    const windowSize = chosen(window.lookback_window_size, 2 * days);
    const windowOffset = window.lookback_window_offset ?? 'P0D';
    return { ...input, inputDataType: 'Rolling', windowSize, windowOffset: chosen(windowOffset, days) };
  }
  if (window?.window_start === undefined) return { ...input, inputDataType: 'Fixed' };
  return { ...input, inputDataType: 'Static', windowStart: window.window_start, windowEnd: window.window_end };
}

function featuresBody(features: 'all_features' | readonly string[] | undefined): object | undefined {
  if (features === undefined) return undefined;
  if (features === 'all_features') return { filterType: 'AllFeatures' };
  return { filterType: 'FeatureSubset', features };
}

function thresholdBodies(dataType: string, values: Readonly<Record<string, number | undefined>>): object[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([metric, value]) => ({ dataType: pascal(dataType), metric: pascal(metric), threshold: { value } }));
}

/** `default` asks for the default by name. */
function chosen(given: string | undefined, days: number): string {
  return given === undefined || given === 'default' ? `P${days}D` : given;
}

/** The production window is as long as the time between two runs, at least a day; a week where that is not known. */
function defaultDays(trigger: Trigger): number {
  if (trigger.type === 'cron') return 7;
  const days = { minute: 0, hour: 0, day: 1, week: 7, month: 30 }[trigger.frequency];
  return Math.max(1, days * trigger.interval);
}

function pascal(snake: string): string {
  return snake.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
