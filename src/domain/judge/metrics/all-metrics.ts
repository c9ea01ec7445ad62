/** The list of metrics: whatever the judge does with one, it does with all of these. */
import { errors } from './errors.ts';
import { latency } from './latency/latency.ts';
import type { AnswersMetric, Metric } from './metric.ts';
import { outcomes } from './outcomes/outcomes.ts';
import { predictions } from './predictions/predictions.ts';
import { together } from './together.ts';

/** Judged with each bucket of traffic. */
const ON_TRAFFIC = [errors, latency, together] as const;
/** Judged when collected answers are due; read in this order. */
const ON_ANSWERS = [predictions, outcomes] as const;

export const TRAFFIC_METRICS: readonly Metric[] = ON_TRAFFIC;
export const ANSWERS_METRICS: readonly AnswersMetric[] = ON_ANSWERS;
export const METRICS: readonly Metric[] = [...TRAFFIC_METRICS, ...ANSWERS_METRICS];

type OnTraffic = (typeof ON_TRAFFIC)[number];
type OnAnswers = (typeof ON_ANSWERS)[number];
type Listed = OnTraffic | OnAnswers;

/** Settings by name; what not every policy asks for may be null or left out. */
export type MetricSettings = { readonly [M in Listed as AlwaysAsked<M>]: ReturnType<M['settings']> } & {
  readonly [M in Listed as M['name']]?: ReturnType<M['settings']>;
};

type AlwaysAsked<M extends Listed> = null extends ReturnType<M['settings']> ? never : M['name'];

/** States by name; null until a metric knows enough to begin. */
export type MetricStates = {
  readonly [M in OnTraffic as M['name']]: NonNullable<ReturnType<M['start']>>;
} & { readonly [M in OnAnswers as M['name']]: ReturnType<M['start']> };

/** What all metrics read of the policy. */
export type MetricPolicies = UnionToIntersection<Parameters<Listed['settings']>[0]>;

type UnionToIntersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;
