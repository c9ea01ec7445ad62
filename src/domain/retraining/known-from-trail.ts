/** What the audit trail of a retraining still knows, where its own state is gone. */
import type { RetrainingRecord } from '../audit/retraining-record.ts';
import type { DeploymentName, ModelVersion } from '../ids/names.ts';
import type { RetrainingState } from './state.ts';

type Known = Pick<RetrainingState, 'submittedAtIso' | 'champion' | 'data' | 'evidence'>;

/** Of the champion its version alone, of the data its reference. */
export function knownFromTrail(trail: readonly RetrainingRecord[]): Known {
  const { champion = null, data = null, evidence = null } = trail.at(-1) ?? {};
  return {
    submittedAtIso: trail.find(({ job }) => job !== null)?.atIso ?? null,
    champion: champion
      ? { deployment: '' as DeploymentName, version: champion as ModelVersion, trainedOn: null }
      : null,
    data: data ? { reference: data, uri: data, rows: 0 } : null,
    evidence,
  };
}

/** Null as long as no job was submitted. */
export function jobFromTrail(trail: readonly RetrainingRecord[]): string | null {
  return trail.find(({ job }) => job !== null)?.job ?? null;
}
