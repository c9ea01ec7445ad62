/** Platform metrics of an online endpoint, split by deployment. */
import type { LatencyMetric } from '../domain/alerts/latency-alert.ts';
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';

export interface LatencyQuery {
  readonly endpoint: EndpointName;
  readonly metric: LatencyMetric;
  readonly fromMs: number;
  readonly toMs: number;
  /** Grain of the metric: 60 on Azure. */
  readonly grainSeconds: number;
}

export interface LatencyReading {
  readonly deployment: DeploymentName;
  /** Mean over the grains that have data, milliseconds. */
  readonly value: number;
}

export interface EndpointMetrics {
  /** Deployments without a request in the window are left out. Throws when the service fails. */
  readLatency(query: LatencyQuery): Promise<readonly LatencyReading[]>;
}
