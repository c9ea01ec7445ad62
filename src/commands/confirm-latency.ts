/** Asks the metric again before an alert may move anything: the alert says that something was slow, the metric says what. */
import type { MetricAlert } from '../contracts/common-alert.ts';
import { breachesOf, type LatencyAlert, MAX_READINGS } from '../domain/alerts/latency-alert.ts';
import type { EndpointName } from '../domain/ids/names.ts';
import type { Policies } from '../domain/policy/policies.ts';
import type { EndpointMetrics } from '../ports/endpoint-metrics.ts';

/** The finest grain of the platform's metrics; shorter buckets serve the local stack. */
const MAX_GRAIN_SECONDS = 60;

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly alert: LatencyAlert }
  | { readonly kind: 'ignored'; readonly code: string; readonly reason: string };

export interface ConfirmationScope {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly policies: Policies;
}

/** Throws when the metric cannot be read. */
export async function confirmLatency(
  metrics: EndpointMetrics,
  { workspaceId, policies }: ConfirmationScope,
  alert: MetricAlert,
): Promise<Confirmation> {
  if (alert.condition === 'Resolved') return ignored('resolved', `${alert.rule} is resolved, which changes nothing.`);
  const { criterion } = alert;
  if (criterion === null) return ignored('other-metric', `${alert.rule} watches no latency above a fixed threshold.`);
  const endpoint = policies.endpoints().find((known) => isTarget(alert, workspaceId, known));
  const [policy] = endpoint ? policies.ofEndpoint(endpoint) : [];
  if (!endpoint || !policy)
    return ignored('unknown-endpoint', `No policy names an endpoint that ${alert.rule} watches.`);
  const { canary } = policy;
  const { fromMs, toMs, rule, firedAtIso } = alert;
  const grainSeconds = Math.min(canary.bucketSeconds, MAX_GRAIN_SECONDS);
  const found = await metrics.readLatency({ endpoint, metric: criterion.metric, fromMs, toMs, grainSeconds });
  const readings = [...found].sort((a, b) => b.value - a.value).slice(0, MAX_READINGS);
  const confirmed: LatencyAlert = { rule, endpoint, ...criterion, firedAtIso, readings };
  if (breachesOf(confirmed).length > 0) return { kind: 'confirmed', alert: confirmed };
  return ignored(
    'not-confirmed',
    `${criterion.metric} of ${endpoint} is not above ${criterion.thresholdMs} ms for any deployment when asked again.`,
  );
}

function isTarget({ targetIds }: MetricAlert, workspaceId: string, endpoint: EndpointName): boolean {
  const id = `${workspaceId}/onlineEndpoints/${endpoint}`.toLowerCase();
  return targetIds.some((target) => target.toLowerCase().replace(/\/+$/, '') === id);
}

function ignored(code: string, reason: string): Confirmation {
  return { kind: 'ignored', code, reason };
}
