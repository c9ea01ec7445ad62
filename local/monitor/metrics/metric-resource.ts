/** Which endpoint or deployment a metrics URL names, ignoring case and doubled slashes. */
import type { TrafficLogEntry } from '../../contracts/traffic-log.ts';
import { deploymentNamespace, endpointNamespace, type MetricNamespace } from './metric-catalog.ts';

export type MetricsVerb = 'metrics' | 'metricdefinitions' | 'metricnamespaces';

export interface MetricResource {
  /** ARM id as the caller wrote it, starting with one slash. */
  readonly id: string;
  readonly namespace: MetricNamespace;
  readonly owns: (entry: TrafficLogEntry) => boolean;
}

export interface MetricsPath {
  readonly resourceId: string;
  readonly verb: MetricsVerb;
}

const PATH = /^(\/subscriptions\/.+)\/providers\/microsoft\.insights\/(metrics|metricdefinitions|metricnamespaces)$/i;
const RESOURCE =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/workspaces\/[^/]+\/onlineendpoints\/[^/]+)(?:\/deployments\/([^/]+))?$/;

export function parseMetricsPath(url: string): MetricsPath | undefined {
  const path = decodeURIComponent(url.split('?', 1)[0] ?? '').replace(/\/{2,}/g, '/');
  const match = PATH.exec(path.replace(/\/$/, ''));
  if (!match) return undefined;
  return { resourceId: match[1] ?? '', verb: (match[2] ?? '').toLowerCase() as MetricsVerb };
}

/** Undefined for resources of any other type. */
export function findResource(id: string): MetricResource | undefined {
  const match = RESOURCE.exec(id.toLowerCase());
  if (!match) return undefined;
  const [, endpointId, deployment] = match;
  return {
    id,
    namespace: deployment === undefined ? endpointNamespace : deploymentNamespace,
    owns: (entry) =>
      entry.endpointResourceId.toLowerCase() === endpointId &&
      (deployment === undefined || entry.deploymentName.toLowerCase() === deployment),
  };
}
