/** What happens in one kind of synthetic rollout; every property may change from minute to minute. */
import { AS_FAST, type LatencyModel, type Slowness, WEB_SERVICE } from './latency-model.ts';

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** What the right answer is: leave it alone, roll it back, or do not promote it. */
  readonly expected: 'harmless' | 'rollback' | 'no-promotion';
  readonly minutes: number;
  readonly greenRequests: (minute: number) => number;
  readonly blueRequests: (minute: number) => number;
  /** Error rate of blue. */
  readonly errors: (minute: number) => number;
  /** Error rate of green beyond that. */
  readonly extraErrors: number;
  readonly model: LatencyModel;
  readonly slow: Slowness;
  /** First minute of the regression. */
  readonly onset: number;
  /** Mean size of a burst of errors. */
  readonly burst: number;
  /** Standard deviation and correlation from minute to minute of the logarithm of a node's slowness. */
  readonly nodeNoise: number;
  readonly nodeMemory: number;
  /** Slowness that both arms share. */
  readonly sharedSlowness: (minute: number) => number;
  /** Factor by which an arm is slower while it is cold, and the minutes that lasts. */
  readonly cold: { readonly minutes: number; readonly times: number; readonly blueToo: boolean };
  /** True where failures are time-outs: the slowest of all requests. */
  readonly failuresAreSlow: boolean;
  /** Buckets that the rules leave out at the start. */
  readonly warmUpBuckets: number;
}

export const HISTORY_MINUTES = 120;

const PLAIN: Scenario = {
  name: '',
  about: '',
  expected: 'harmless',
  minutes: 60,
  greenRequests: () => 200,
  blueRequests: () => 200,
  errors: () => 0.005,
  extraErrors: 0,
  model: WEB_SERVICE,
  slow: AS_FAST,
  onset: 0,
  burst: 1,
  nodeNoise: 0,
  nodeMemory: 0.8,
  sharedSlowness: () => 1,
  cold: { minutes: 0, times: 1, blueToo: false },
  failuresAreSlow: false,
  warmUpBuckets: 0,
};

export interface ScenarioChanges extends Partial<Omit<Scenario, 'greenRequests' | 'blueRequests' | 'errors'>> {
  readonly name: string;
  readonly about: string;
  /** Requests per minute of green; of blue too where `blue` is not given. */
  readonly n?: number;
  readonly blue?: number;
  readonly base?: number;
  readonly greenRequests?: (minute: number) => number;
  readonly blueRequests?: (minute: number) => number;
  readonly errors?: (minute: number) => number;
}

export function scenario({ n, blue, base, ...changes }: ScenarioChanges): Scenario {
  const green = n ?? 200;
  return {
    ...PLAIN,
    greenRequests: () => green,
    blueRequests: () => blue ?? green,
    errors: () => base ?? 0.005,
    ...changes,
  };
}
