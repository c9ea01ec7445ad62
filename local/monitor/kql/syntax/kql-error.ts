/** Why a query is refused: the rule it breaks, and the text and place of the offence. */

export type KqlErrorKind = 'SyntaxError' | 'SemanticError';

/** Codes seen in the service's answers; rules whose code is not publicly known carry `SEM0001`. */
export type KqlErrorCode = 'SYN0002' | 'SEM0001' | 'SEM0064' | 'SEM0100' | 'SEM0260';

export class KqlError extends Error {
  readonly kind: KqlErrorKind;
  readonly code: KqlErrorCode;
  /** Position in the query text, counted in characters from 0. */
  readonly offset: number;
  /** Only for syntax errors: the text that cannot be parsed, and what was expected there. */
  readonly unreadable: { readonly token: string; readonly why: string } | undefined;

  constructor(
    kind: KqlErrorKind,
    code: KqlErrorCode,
    message: string,
    offset: number,
    unreadable?: { readonly token: string; readonly why: string },
  ) {
    super(message);
    this.name = 'KqlError';
    this.kind = kind;
    this.code = code;
    this.offset = offset;
    this.unreadable = unreadable;
  }
}

/** `why` tells what was expected, for the person who reads the answer. */
export function syntaxError(token: string, offset: number, why: string): KqlError {
  const message = `Query could not be parsed at '${token}': ${why}`;
  return new KqlError('SyntaxError', 'SYN0002', message, offset, { token, why });
}

export function semanticError(code: KqlErrorCode, message: string, offset: number): KqlError {
  return new KqlError('SemanticError', code, message, offset);
}

/** Line from 1 and column from 0, as the service reports them. */
export function placeOf(query: string, offset: number): { readonly line: number; readonly pos: number } {
  const before = query.slice(0, offset).split('\n');
  return { line: before.length, pos: (before.at(-1) ?? '').length };
}
