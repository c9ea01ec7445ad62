/** What the client saw of one request, and the sums over many of them. */

export interface AnswerRecord {
  /** When the request was due, epoch milliseconds. */
  readonly dueAtMs: number;
  /** From due to the last byte of the answer: a late start counts as latency. */
  readonly latencyMs: number;
  /** HTTP status; 0 when no answer came (connection failure, or nothing within the client's time-out). */
  readonly status: number;
  /** Header azureml-model-deployment of the answer; empty when it has none. */
  readonly deployment: string;
  /** Distance of the prediction from the label; null without a prediction. */
  readonly absoluteError: number | null;
}

export interface AnswerSummary {
  readonly requests: number;
  /** Answers other than 200, and requests without an answer. */
  readonly errors: number;
  /** Percentiles over all answers, failed ones too; null without any. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly meanAbsoluteError: number | null;
}

export function summarize(records: readonly AnswerRecord[]): AnswerSummary {
  const latencies = records.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const distances = records.flatMap(({ absoluteError }) => (absoluteError === null ? [] : [absoluteError]));
  return {
    requests: records.length,
    errors: records.filter(({ status }) => status !== 200).length,
    p50Ms: percentile(latencies, 50),
    p95Ms: percentile(latencies, 95),
    meanAbsoluteError:
      distances.length === 0 ? null : distances.reduce((sum, each) => sum + each, 0) / distances.length,
  };
}

/** Nearest-rank percentile of ascending values. */
export function percentile(ascending: readonly number[], percent: number): number | null {
  const rank = Math.max(1, Math.ceil((percent / 100) * ascending.length));
  return ascending[rank - 1] ?? null;
}
