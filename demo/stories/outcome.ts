/** How a rollout ended, as the endpoint, the version's tags and the audit log show it; compared as one sentence. */
import type { AuditEntry } from '../azure/read-audit.ts';
import type { EndpointReading } from '../azure/read-endpoint.ts';

export interface Outcome {
  /** Model versions and their live shares, for example `version 2: 100 %`. */
  readonly serving: string;
  /** Deployments that exist besides the serving one, with their model versions. */
  readonly leftOver: string;
  /** Tag slipway-status of the version. */
  readonly tag: string;
  /** Last phase in the audit log, with the cause of a rollback. */
  readonly audit: string;
}

export type Metric = 'errors' | 'latency';

/** Final phases of a rollout; after one of them nothing changes any more. */
const FINAL_PHASES = new Set(['promoted', 'rolled-back', 'superseded', 'ignored']);

export function promoted(version: string): Outcome {
  return { serving: `version ${version}: 100 %`, leftOver: 'nothing', tag: 'live', audit: 'promoted' };
}

/** `code` is the machine word of the cause; `metric` says which measurement spoke where the canary failed. */
export function rolledBack(stillServing: string, code: string, metric?: Metric): Outcome {
  return {
    serving: `version ${stillServing}: 100 %`,
    leftOver: 'nothing',
    tag: 'rejected',
    audit: ['rolled-back', code, metric].filter(Boolean).join(', '),
  };
}

export function readOutcome(
  endpoint: EndpointReading,
  tags: Readonly<Record<string, string>>,
  audit: readonly AuditEntry[],
): Outcome {
  const served = endpoint.deployments.filter(({ name }) => (endpoint.traffic[name] ?? 0) > 0);
  const others = endpoint.deployments.filter(({ name }) => !served.some((each) => each.name === name));
  const mirror = Object.keys(endpoint.mirror).map((name) => `mirror to ${name}`);
  const last = audit.at(-1);
  return {
    serving: served.map(({ name, modelVersion }) => `version ${modelVersion}: ${endpoint.traffic[name]} %`).join(', '),
    leftOver: [...others.map(({ modelVersion }) => `version ${modelVersion}`), ...mirror].join(', ') || 'nothing',
    tag: tags['slipway-status'] ?? 'none',
    audit: last ? [last.phase, last.code, last.failedMetrics.join(' and ')].filter(Boolean).join(', ') : 'nothing',
  };
}

export function isFinal(audit: readonly AuditEntry[]): boolean {
  return FINAL_PHASES.has(audit.at(-1)?.phase ?? '');
}

export function sentenceOf({ serving, leftOver, tag, audit }: Outcome): string {
  return `${serving}; left over: ${leftOver}; tag: ${tag}; audit: ${audit}`;
}
