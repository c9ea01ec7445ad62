/**
 * What every metric is to the judge. A new one implements this interface in a file of its own and is listed in
 * all-metrics.ts.
 *
 * 1. A step uses predictions from earlier buckets only, and is given each bucket once, in order (`isTaken`).
 * 2. States are small plain JSON; logarithms and counts in them are rounded.
 */
import type { Mixture, StartPrior } from '../../evidence/mixture.ts';
import type { Answer, Outcomes, ReadAnswers, WantedAnswers } from '../reading/answers.ts';
import type { DesignEffects } from '../reading/baseline-history.ts';
import type { BlueMemory } from '../reading/blue-memory.ts';
import type { ArmCounts } from '../reading/traffic-bucket.ts';

/** The types of one metric. */
export interface MetricTypes {
  readonly name: string;
  /** The part of the policy's `metrics` that the metric reads, by its key. */
  readonly policy: unknown;
  /** The policy in the metric's own units; null where the policy does not ask for the metric. */
  readonly settings: unknown;
  /** Blue before the first bucket. */
  readonly history: unknown;
  readonly bucket: { readonly startMs: number };
  readonly state: MetricState;
}

export interface MetricState {
  /** Evidence against green, by alternative. */
  readonly mixture: Mixture;
}

/** What a metric is told beside its state. */
export interface Terms<Settings> {
  readonly settings: NonNullable<Settings>;
  readonly prior: StartPrior;
  /** Evidence is divided by these. */
  readonly designEffects: DesignEffects;
}

/** One way in which green may be worse. */
export interface Alternative {
  /** ln of its evidence, weighted. */
  readonly score: number;
  /** "all requests about 1.4 times as slow". */
  readonly phrase: () => string;
  /** Expected growth of ln E in one bucket like the last, if it is true; 0 where that is not known. */
  readonly growth: () => number;
}

/** Traffic as the judge knows it. */
export interface TrafficNow {
  readonly known: BlueMemory;
  /** Requests of the last bucket in which both arms had some. */
  readonly lastMix: { readonly green: number; readonly blue: number };
}

/** What the metric shows people: "30 of 200 green requests failed, 2 of 800 blue ones". */
export interface MetricSentence {
  readonly seen: string;
  /** The numbers behind it, few and finite. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Requests of both arms in the present stretch. */
export interface ShownCounts {
  readonly green: ArmCounts;
  readonly blue: ArmCounts;
}

/** A bucket counts once: one that starts at or before the last one taken in changes nothing. */
export function isTaken(
  { lastStartMs }: { readonly lastStartMs: number },
  bucket: { readonly startMs: number },
): boolean {
  return bucket.startMs <= lastStartMs;
}

/** `lastStartMs` before the first bucket. */
export const NO_BUCKET_MS = -1;

export interface Metric<T extends MetricTypes = MetricTypes> {
  readonly name: T['name'];
  /** Whether a sure difference turns green back, or only stops its way until a person agrees. */
  readonly effect: 'turns-back' | 'asks';
  /** Its part of the evidence against green; what all parts leave to 1 is held back (weigh-evidence.ts). */
  readonly part: number;
  /** False where other metrics give the verdict and the sentence. */
  readonly hasVerdict: boolean;
  /** What is said while the metric has too little data to speak; null where it always speaks. */
  readonly unheard: string | null;
  settings(policy: T['policy']): T['settings'];
  /** Null where the history says too little to begin. */
  start(history: T['history']): T['state'] | null;
  /** Throws a RangeError that names the bucket where its counts cannot be true. */
  step(state: T['state'], bucket: T['bucket'], terms: Terms<T['settings']>): T['state'];
  /** ln E against green. */
  evidence(state: T['state'], terms: Terms<T['settings']>): number;
  /** ln P for green. */
  assurance(state: T['state'], terms: Terms<T['settings']>): number;
  /** False as long as there is too little data to say anything. */
  speaks(state: T['state'], terms: Terms<T['settings']>): boolean;
  /** True where promotion waits until the metric speaks. */
  isRequired(settings: NonNullable<T['settings']>): boolean;
  alternatives(state: T['state'], terms: Terms<T['settings']>, now: TrafficNow): readonly Alternative[];
  sentence(state: T['state'], terms: Terms<T['settings']>, shown: ShownCounts): MetricSentence;
}

/** A metric on what the deployments answered, which comes in buckets of its own, later than traffic. */
export interface AnswersMetric<T extends AnswersMetricTypes = AnswersMetricTypes> extends Metric<T> {
  wanted(settings: NonNullable<T['settings']>): WantedAnswers;
  /** What blue's answers before the first bucket say. */
  historyOf(blue: readonly Answer[], outcomes: Outcomes, settings: NonNullable<T['settings']>): T['history'];
  /** Buckets of what was read, in order. */
  bucketsOf(
    state: T['state'],
    read: ReadAnswers,
    bucketMs: number,
    settings: NonNullable<T['settings']>,
  ): readonly T['bucket'][];
  /** True where only answers that somebody got can count: copies of requests are answered for nobody. */
  isOfLiveRequests(settings: NonNullable<T['settings']>): boolean;
}

export interface AnswersMetricTypes extends MetricTypes {
  readonly state: AnswersMetricState;
}

export interface AnswersMetricState extends MetricState {
  /** Start of the last bucket taken in. */
  readonly lastStartMs: number;
}
