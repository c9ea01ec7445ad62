/** Answers of the logs query API: a status and a body, with errors formed as the service forms them. */

import type { ResultTable } from '../kql/run-query.ts';
import { type KqlError, placeOf } from '../kql/syntax/kql-error.ts';

export interface LogsAnswer {
  readonly status: number;
  readonly body: { readonly tables: readonly ResultTable[] } | { readonly error: LogsError };
}

export interface LogsError {
  readonly code: string;
  readonly message: string;
  readonly innererror?: LogsError;
  readonly line?: number;
  readonly pos?: number;
  readonly token?: string;
}

export function logsFailure(status: number, code: string, message: string): LogsAnswer {
  return { status, body: { error: { code, message } } };
}

/** A request whose properties cannot be read, as opposed to a query that cannot be run. */
export function badArgument(innerCode: string, message: string): LogsAnswer {
  return invalidProperties({ code: innerCode, message });
}

export function refusedQuery(query: string, error: KqlError): LogsAnswer {
  const { line, pos } = placeOf(query, error.offset);
  if (error.kind === 'SemanticError') {
    const reason: LogsError = {
      code: error.code,
      message: `${error.message} (line ${line}, position ${pos})`,
      line,
      pos,
    };
    return invalidProperties({ code: 'SemanticError', message: 'A semantic error occurred.', innererror: reason });
  }
  const { token, why } = error.unreadable ?? { token: '', why: error.message };
  const message = `Query could not be parsed at '${token}' on line [${line},${pos}]: ${why}`;
  const reason: LogsError = { code: error.code, message, line, pos, token };
  return invalidProperties({
    code: 'SyntaxError',
    message: 'A recognition error occurred in the query.',
    innererror: reason,
  });
}

function invalidProperties(innererror: LogsError): LogsAnswer {
  const error: LogsError = {
    code: 'BadArgumentError',
    message: 'The request had some invalid properties',
    innererror,
  };
  return { status: 400, body: { error } };
}
