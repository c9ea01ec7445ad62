/** The document behind one look: what was read, what was judged, and the judge's memory for the next look. */
import type { ActivityInput } from '../contracts/activities.ts';
import type { DueAnswers } from '../domain/canary/answers/answers-due.ts';
import type { BaselineHistory } from '../domain/canary/baseline-history.ts';
import type { Decision } from '../domain/canary/decision.ts';
import type { JudgedStretch } from '../domain/canary/judge-contract.ts';
import type { JudgeState } from '../domain/canary/judge-state.ts';
import type { LateRows, SeenBucket } from '../domain/canary/late-rows.ts';
import type { ReadingWindow } from '../domain/canary/reading-window.ts';
import type { ReadyBucket } from '../domain/canary/ready-buckets.ts';
import type { EvidenceStore } from '../ports/records.ts';

const LOOK_DIGITS = 6;
export const SCHEMA = 1;

export interface Evidence {
  readonly schema: typeof SCHEMA;
  readonly rolloutId: string;
  readonly look: number;
  readonly endpoint: string;
  readonly green: string;
  readonly blue: string;
  readonly nowMs: number;
  readonly stretch: JudgedStretch;
  readonly window: ReadingWindow;
  /** Buckets judged in this look, with what the request metric said of them. */
  readonly judged: readonly ReadyBucket[];
  /** Start of the bucket that was not complete yet. */
  readonly waitingForMs: number | null;
  /** Totals of the rollout so far. */
  readonly incompleteBuckets: number;
  readonly lateRows: LateRows;
  /** The last judged buckets as last seen, to notice late rows. */
  readonly recent: readonly SeenBucket[];
  /** Blue before green's first request, as the first due look read it. */
  readonly history: BaselineHistory | null;
  /** Collected answers of this look; null before the first due bucket. */
  readonly answers: {
    readonly problem: string | null;
    readonly predictions: (DueAnswers & ReadRows) | null;
    readonly outcomes: (DueAnswers & ReadRows & { readonly outcomes: number }) | null;
  } | null;
  /** Null before the first due bucket. */
  readonly judge: JudgeState | null;
  /** In full; the activity's answer is cut to size. */
  readonly decision: Decision;
}

export interface ReadRows {
  readonly greenRows: number;
  readonly blueRows: number;
}

/** `<rolloutId>/look-000012.json` */
export function evidenceName({ rolloutId, look }: Pick<ActivityInput<'judgeTraffic'>, 'rolloutId' | 'look'>): string {
  return `${rolloutId}/look-${String(look).padStart(LOOK_DIGITS, '0')}.json`;
}

/** Null when there is none of this name; throws on a document of another schema. */
export async function readEvidence(store: EvidenceStore, name: string): Promise<Evidence | null> {
  const document = await store.get(name);
  if (document === null) return null;
  // The store holds documents that writers of this type put there.
  const evidence = document as Evidence;
  if (evidence.schema === SCHEMA) return evidence;
  throw new Error(`Evidence ${name} has schema ${String(evidence.schema)}; this app reads ${SCHEMA}.`);
}
