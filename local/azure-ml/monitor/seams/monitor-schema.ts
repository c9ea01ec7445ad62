/** The monitor definition of a schedule, as api-version 2024-04-01 writes it (examples of Azure/azure-rest-api-specs). */
import { z } from 'zod';
import { anyCaseEnum } from '../../arm/protocol/any-case-enum.ts';
import { durationMs } from '../../arm/protocol/iso-duration.ts';

export const NUMERICAL_DRIFT = [
  'JensenShannonDistance',
  'NormalizedWassersteinDistance',
  'PopulationStabilityIndex',
  'TwoSampleKolmogorovSmirnovTest',
] as const;
export const CATEGORICAL_DRIFT = [
  'JensenShannonDistance',
  'PopulationStabilityIndex',
  'PearsonsChiSquaredTest',
] as const;
export const QUALITY = ['NullValueRate', 'DataTypeErrorRate', 'OutOfBoundsRate'] as const;

const MAX_MEMBERS = 1_000;
const MAX_SIGNALS = 50;
const text = (max: number) => z.string().min(1).max(max);

const duration = z
  .string()
  .refine((given) => durationMs(given) !== undefined, 'is no ISO 8601 duration of days and smaller units such as P7D')
  .transform((given) => ({ ms: durationMs(given) ?? 0 }));
const moment = z
  .string()
  .refine((given) => !Number.isNaN(Date.parse(given)), 'is no ISO 8601 date and time')
  .transform((given) => ({ ms: Date.parse(given) }));

const inputShape = {
  jobInputType: anyCaseEnum(['uri_file', 'uri_folder', 'mltable']),
  uri: text(4096),
  dataContext: text(255).nullish(),
  columns: z.record(z.string().max(255), z.string().max(255)).nullish(),
  preprocessingComponentId: z.null('preprocessing components are not run here').optional(),
};
const rollingInput = z.object({
  ...inputShape,
  inputDataType: z.literal('Rolling'),
  windowSize: duration.refine(({ ms }) => ms > 0, 'is empty'),
  windowOffset: duration,
});
const fixedInput = z.object({ ...inputShape, inputDataType: z.literal('Fixed') });
const staticInput = z.object({
  ...inputShape,
  inputDataType: z.literal('Static'),
  windowStart: moment,
  windowEnd: moment,
});
const input = z.discriminatedUnion('inputDataType', [rollingInput, fixedInput, staticInput]);

const threshold = z.object({ value: z.number().nullish() }).nullish();
const ofType = <const Metrics extends readonly [string, ...string[]]>(
  dataType: 'Numerical' | 'Categorical',
  metrics: Metrics,
) => z.object({ dataType: z.literal(dataType), metric: anyCaseEnum(metrics), threshold });
const driftThresholds = z
  .array(
    z.discriminatedUnion('dataType', [ofType('Numerical', NUMERICAL_DRIFT), ofType('Categorical', CATEGORICAL_DRIFT)]),
  )
  .min(1)
  .max(20);
const qualityThresholds = z
  .array(z.discriminatedUnion('dataType', [ofType('Numerical', QUALITY), ofType('Categorical', QUALITY)]))
  .min(1)
  .max(20);

const signalShape = {
  notificationTypes: z.array(z.string().max(100)).max(10).nullish(),
  properties: z.record(z.string(), z.string()).nullish(),
  productionData: input,
  referenceData: input,
  featureDataTypeOverride: z.record(z.string().max(255), anyCaseEnum(['Numerical', 'Categorical'])).nullish(),
};
const features = z
  .discriminatedUnion('filterType', [
    z.object({ filterType: z.literal('AllFeatures') }),
    z.object({ filterType: z.literal('FeatureSubset'), features: z.array(text(255)).min(1).max(MAX_MEMBERS) }),
  ])
  .nullish();
/** Says what is not computed here instead of calling it unknown. */
const notEmulated = (signalType: string) =>
  z.object({ signalType: z.literal(signalType) }).refine(() => false, `signals of type ${signalType} are not emulated`);

const signal = z.discriminatedUnion('signalType', [
  z.object({ ...signalShape, signalType: z.literal('DataDrift'), features, metricThresholds: driftThresholds }),
  z.object({ ...signalShape, signalType: z.literal('PredictionDrift'), metricThresholds: driftThresholds }),
  z.object({ ...signalShape, signalType: z.literal('DataQuality'), features, metricThresholds: qualityThresholds }),
  notEmulated('FeatureAttributionDrift'),
  notEmulated('Custom'),
]);

export const monitorSchema = z.object({
  computeConfiguration: z.object({
    computeType: z.literal('ServerlessSpark'),
    instanceType: text(100).regex(/^standard_e(4|8|16|32|64)s_v3$/i, 'is none of standard_e4s_v3 to standard_e64s_v3'),
    runtimeVersion: text(20),
    computeIdentity: z.object({ computeIdentityType: anyCaseEnum(['AmlToken', 'ManagedIdentity']) }).loose(),
  }),
  monitoringTarget: z
    .object({
      taskType: anyCaseEnum(['Classification', 'Regression']),
      deploymentId: text(1024).nullish(),
      modelId: text(1024).nullish(),
    })
    .nullish(),
  alertNotificationSettings: z
    .object({
      emailNotificationSettings: z.object({ emails: z.array(z.string().max(320)).max(100).nullish() }).nullish(),
    })
    .nullish(),
  signals: z
    .record(text(255), signal)
    .refine((given) => Object.keys(given).length > 0, 'holds no signal')
    .refine((given) => Object.keys(given).length <= MAX_SIGNALS, `holds more than ${MAX_SIGNALS} signals`),
});

export type MonitorDefinition = z.output<typeof monitorSchema>;
export type MonitorInput = z.output<typeof input>;
/** What can be computed. */
export type MonitorSignal = Extract<MonitorDefinition['signals'][string], { productionData: MonitorInput }>;
export type MetricThreshold = MonitorSignal['metricThresholds'][number];
export type MetricName = MetricThreshold['metric'];
