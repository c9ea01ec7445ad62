/** The document behind one look: who asked, what was read and judged, and the judge's memory for the next look. */
import type { ActivityInput } from '../../contracts/activities.ts';
import type { JudgedStretch } from '../../domain/judge/judged-stretch.ts';
import type { LookTaken } from '../../domain/judge/take-look.ts';
import type { EvidenceStore } from '../../ports/records.ts';

const LOOK_DIGITS = 6;
export const SCHEMA = 1;

export interface Evidence extends LookTaken {
  readonly schema: typeof SCHEMA;
  readonly rolloutId: string;
  readonly look: number;
  readonly endpoint: string;
  readonly green: string;
  readonly blue: string;
  readonly nowMs: number;
  readonly stretch: JudgedStretch;
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
