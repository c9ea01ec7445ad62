/** Makes an error of whatever a function threw, as the Node.js worker reports it to the host. */

export interface ThrownError {
  readonly message: string;
  readonly stack: string;
}

export function describeThrown(thrown: unknown): ThrownError {
  if (thrown instanceof Error || isErrorLike(thrown)) {
    return { message: String(thrown.message), stack: typeof thrown.stack === 'string' ? thrown.stack : '' };
  }
  if (thrown === undefined || thrown === null) return { message: 'Unknown error', stack: '' };
  if (typeof thrown === 'object') return { message: JSON.stringify(thrown) ?? 'Unknown error', stack: '' };
  return { message: String(thrown), stack: '' };
}

/** Errors of another realm (a test runner's) fail `instanceof`. */
function isErrorLike(thrown: unknown): thrown is Error {
  return Object.prototype.toString.call(thrown) === '[object Error]';
}
