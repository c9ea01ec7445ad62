/** The one retraining of new data that waits while its model is busy or cools down: the newest, and only as long as no job has seen its data. */

export interface WaitingData {
  readonly retrainingId: string;
  /** Since when its data has been there. */
  readonly sinceIso: string;
  readonly abort: { readonly by: string; readonly reason: string } | null;
}

/** Why one does not wait any longer. */
export type WaitingEnd =
  | { readonly kind: 'aborted'; readonly by: string; readonly reason: string }
  /** The job of another retraining was given data that was looked at later. */
  | { readonly kind: 'covered'; readonly by: string }
  /** Newer data waits in its place. */
  | { readonly kind: 'superseded'; readonly by: string };

export interface DataSeen {
  readonly waiting: WaitingData | null;
  readonly lastRetraining: string | null;
  /** When the data of the last job was looked at. */
  readonly dataAsOfIso: string | null;
}

/** Null: it goes on waiting, or it is its turn. */
export function endOfWaiting(
  { waiting, lastRetraining, dataAsOfIso }: DataSeen,
  { retrainingId, sinceIso }: Omit<WaitingData, 'abort'>,
): WaitingEnd | null {
  const isKnown = waiting?.retrainingId === retrainingId;
  if (isKnown && waiting.abort !== null) return { kind: 'aborted', ...waiting.abort };
  if (dataAsOfIso !== null && isBefore(sinceIso, dataAsOfIso)) return { kind: 'covered', by: lastRetraining ?? '' };
  if (waiting === null || isKnown || isBefore(waiting.sinceIso, sinceIso)) return null;
  return { kind: 'superseded', by: waiting.retrainingId };
}

function isBefore(iso: string, otherIso: string): boolean {
  return Date.parse(iso) < Date.parse(otherIso);
}
