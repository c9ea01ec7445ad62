/** Makes the buckets of one synthetic rollout from a scenario and a seed; every rule judges these and nothing else. */
import {
  type ArmCounts,
  addCounts,
  NO_REQUESTS,
  type TrafficBucket,
} from '../../../../src/domain/judge/reading/traffic-bucket.ts';
import {
  AS_FAST,
  type BinSampler,
  binProbabilities,
  binSampler,
  type LatencyModel,
  type Slowness,
  sampleBins,
  sampleLatencies,
} from './latency-model.ts';
import { createRandom, type Random } from './random.ts';
import { HISTORY_MINUTES, type Scenario } from './scenario.ts';

export interface Rollout {
  readonly scenario: Scenario;
  /** Blue before the rollout, all minutes together. */
  readonly history: ArmCounts;
  /** Two replicas of blue's version, minute by minute, from which the design effect is measured. */
  readonly replicas: readonly { readonly one: ArmCounts; readonly other: ArmCounts }[];
  readonly buckets: readonly TrafficBucket[];
}

const MINUTE_MS = 60_000;

export function makeRollout(scenario: Scenario, seed: number): Rollout {
  const random = createRandom(seed, 1);
  const replicas = makeReplicas(scenario, random);
  const history = replicas.reduce((sum, { one }) => addCounts(sum, one), NO_REQUESTS);
  const green = nodeOf(scenario, random);
  const blue = nodeOf(scenario, random);
  const buckets = Array.from({ length: scenario.minutes }, (_, minute) => ({
    startMs: minute * MINUTE_MS,
    green: armCounts(scenario, random, minute, true, green()),
    blue: armCounts(scenario, random, minute, false, blue()),
  }));
  return { scenario, history, replicas, buckets };
}

function makeReplicas(scenario: Scenario, random: Random): Rollout['replicas'] {
  const one = nodeOf(scenario, random);
  const other = nodeOf(scenario, random);
  const n = Math.min(scenario.blueRequests(0), 200);
  const quiet = (shift: number) => countsOf(scenario, random, n, scenario.errors(0), AS_FAST, shift);
  return Array.from({ length: HISTORY_MINUTES }, () => ({ one: quiet(one()), other: quiet(other()) }));
}

/** A node's slowness as an autoregressive process of order one, in its stationary state. */
function nodeOf({ nodeNoise, nodeMemory }: Scenario, random: Random): () => number {
  if (nodeNoise === 0) return () => 0;
  let level = nodeNoise * random.normal();
  return () => {
    level = nodeMemory * level + nodeNoise * Math.sqrt(1 - nodeMemory ** 2) * random.normal();
    return level;
  };
}

function armCounts(scenario: Scenario, random: Random, minute: number, green: boolean, node: number): ArmCounts {
  const bad = green && minute >= scenario.onset;
  const n = green ? scenario.greenRequests(minute) : scenario.blueRequests(minute);
  const rate = scenario.errors(minute) + (bad ? scenario.extraErrors : 0);
  const isCold = minute < scenario.cold.minutes && (green || scenario.cold.blueToo);
  const slowness = scenario.sharedSlowness(minute) * (isCold ? scenario.cold.times : 1);
  return countsOf(scenario, random, n, rate, bad ? scenario.slow : AS_FAST, node + Math.log(slowness));
}

function countsOf(
  scenario: Scenario,
  random: Random,
  n: number,
  rate: number,
  slow: Slowness,
  logShift: number,
): ArmCounts {
  const errors = errorsOf(scenario, random, n, rate);
  const timedOut = scenario.failuresAreSlow ? errors : 0;
  const latency =
    scenario.nodeNoise > 0
      ? sampleLatencies(random, n - timedOut, scenario.model, slow, logShift)
      : sampleBins(random, n - timedOut, samplerOf(scenario.model, slow, logShift));
  if (timedOut > 0) {
    const bin = Math.floor(Math.log(scenario.model.capMs) / Math.log(1.02 ** 5));
    latency[bin] = (latency[bin] ?? 0) + timedOut;
  }
  return { requests: n, errors, latency };
}

const samplers = new Map<string, BinSampler>();

function samplerOf(model: LatencyModel, slow: Slowness, logShift: number): BinSampler {
  const key = `${JSON.stringify(model)} ${slow.share} ${slow.times} ${logShift}`;
  const known = samplers.get(key) ?? binSampler(binProbabilities(model, slow, logShift));
  samplers.set(key, known);
  return known;
}

function errorsOf({ burst }: Scenario, random: Random, n: number, rate: number): number {
  if (burst <= 1) return random.binomial(n, rate);
  let errors = 0;
  for (let left = random.poisson((n * rate) / burst); left > 0; left--) errors += random.geometric(burst);
  return Math.min(n, errors);
}
