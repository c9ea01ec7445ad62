/** Reads the HTTP status with which a service refused a call. */

/** Null where there was no answer. Told by the error's name: each client may carry its own copy of the class. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== 'RestError' || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}
