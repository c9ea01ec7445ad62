/** Answers of the management API, and refusals as the extension words them. */
import type { ManagementResponse } from '../../seams/durable-host.ts';

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ManagementResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): ManagementResponse {
  return { status, headers, body: '' };
}

/** A request that is answered with a status instead of being carried out. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly response: ManagementResponse;

  constructor(response: ManagementResponse) {
    super(`answered ${response.status}: ${response.body}`);
    this.response = response;
  }
}

export function badArgument(message: string): Refusal {
  return new Refusal(
    json(400, errorBody('One or more of the arguments submitted is incorrect', message, 'System.ArgumentException')),
  );
}

export function invalidState(message: string): Refusal {
  return new Refusal(serverError(message, 'System.InvalidOperationException'));
}

export function serverError(message: string, type = 'System.Exception'): ManagementResponse {
  return json(500, errorBody('Something went wrong while processing your request', message, type));
}

function errorBody(Message: string, ExceptionMessage: string, ExceptionType: string) {
  return { Message, ExceptionMessage, ExceptionType, StackTrace: '' };
}
