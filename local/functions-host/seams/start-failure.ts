/** A reason why the host cannot start, for the person who started it: what happened and what to do about it. */

export type StartFailureCode =
  | 'command-line'
  | 'host-json'
  | 'local-settings'
  | 'app-entry'
  | 'app-load'
  | 'no-functions'
  | 'port-in-use'
  | 'connection-setting'
  | 'binding'
  | 'route'
  | 'durable';

export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  readonly code: StartFailureCode;
  readonly remedy: string;

  constructor(code: StartFailureCode, what: string, remedy: string, options?: ErrorOptions) {
    super(what.endsWith('\n') ? `${what}${remedy}` : `${what} ${remedy}`, options);
    this.code = code;
    this.remedy = remedy;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
