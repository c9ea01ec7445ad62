/**
 * The metrics that can be measured here, with names, units and dimensions of "Supported metrics -
 * Microsoft.MachineLearningServices/workspaces/onlineEndpoints" and ".../onlineEndpoints/deployments".
 * Average is the only aggregation these metrics declare. Metrics that nothing here measures are unknown metrics.
 */
import type { TrafficLogEntry } from '../../contracts/traffic-log.ts';

export type MetricUnit = 'Count' | 'MilliSeconds';

/** How samples come from requests: one per grain and combination of dimensions, or one per request. */
export type Measure =
  | { readonly kind: 'requests' }
  | { readonly kind: 'latency' }
  | { readonly kind: 'latency-percentile'; readonly percent: number };

export interface Dimension {
  readonly name: string;
  readonly valueOf: (entry: TrafficLogEntry) => string;
}

export interface MetricDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly unit: MetricUnit;
  readonly measure: Measure;
  readonly dimensions: readonly Dimension[];
}

export interface MetricNamespace {
  readonly name: string;
  readonly metrics: readonly MetricDefinition[];
}

const DEPLOYMENT: Dimension = { name: 'deployment', valueOf: (entry) => entry.deploymentName };
const STATUS_CODE: Dimension = { name: 'statusCode', valueOf: (entry) => String(entry.responseCode) };
const STATUS_CODE_CLASS: Dimension = {
  name: 'statusCodeClass',
  valueOf: (entry) => `${Math.floor(entry.responseCode / 100)}xx`,
};
const MODEL_STATUS_CODE: Dimension = { name: 'modelStatusCode', valueOf: (entry) => String(entry.modelStatusCode) };
const ENVOY_RESPONSE_CODE: Dimension = { ...STATUS_CODE, name: 'envoy_response_code' };

const PERCENTS = [50, 90, 95, 99] as const;

function requests(dimensions: readonly Dimension[]): MetricDefinition {
  return {
    name: 'RequestsPerMinute',
    displayName: 'Requests Per Minute',
    description: 'The number of requests answered within one grain.',
    unit: 'Count',
    measure: { kind: 'requests' },
    dimensions,
  };
}

function latencyPercentiles(dimensions: readonly Dimension[]): readonly MetricDefinition[] {
  return PERCENTS.map((percent) => ({
    name: `RequestLatency_P${percent}`,
    displayName: `Request Latency P${percent}`,
    description: `The ${percent}th percentile of the time to answer a request within one grain.`,
    unit: 'MilliSeconds',
    measure: { kind: 'latency-percentile', percent },
    dimensions,
  }));
}

export const endpointNamespace: MetricNamespace = {
  name: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
  metrics: [
    requests([DEPLOYMENT, STATUS_CODE, STATUS_CODE_CLASS, MODEL_STATUS_CODE]),
    {
      name: 'RequestLatency',
      displayName: 'Request Latency',
      description: 'The time to answer a request.',
      unit: 'MilliSeconds',
      measure: { kind: 'latency' },
      dimensions: [DEPLOYMENT],
    },
    ...latencyPercentiles([DEPLOYMENT]),
  ],
};

export const deploymentNamespace: MetricNamespace = {
  name: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
  metrics: [requests([ENVOY_RESPONSE_CODE]), ...latencyPercentiles([])],
};
