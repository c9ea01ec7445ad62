/** Who created and last changed a resource, in ARM's `systemData` shape. */

export interface SystemData {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByType: 'Application';
  readonly lastModifiedAt: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByType: 'Application';
}

/** First stamp, or the next one when `previous` is given (its creation is kept). */
export function stamp(nowMs: number, callerId: string, previous?: SystemData): SystemData {
  const at = new Date(nowMs).toISOString();
  return {
    createdAt: previous?.createdAt ?? at,
    createdBy: previous?.createdBy ?? callerId,
    createdByType: 'Application',
    lastModifiedAt: at,
    lastModifiedBy: callerId,
    lastModifiedByType: 'Application',
  };
}
