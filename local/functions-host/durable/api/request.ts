/** Reads queries and bodies of management requests; whatever is malformed is refused with 400. */
import type { ManagementRequest } from '../../seams/durable-host.ts';
import { badArgument } from './responses.ts';

/** Query values by name, ignoring the name's case. */
export class Query {
  readonly #values = new Map<string, string>();

  constructor(params: URLSearchParams) {
    for (const [name, value] of params) this.#values.set(name.toLowerCase(), value);
  }

  text(name: string): string | undefined {
    return this.#values.get(name.toLowerCase()) || undefined;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (value !== 'true' && value !== 'false')
      throw badArgument(`The query parameter '${name}' must be true or false.`);
    return value === 'true';
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number) || number < 0)
      throw badArgument(`The query parameter '${name}' must be a number >= 0.`);
    return number;
  }

  timeMs(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const timeMs = Date.parse(value);
    if (Number.isNaN(timeMs)) throw badArgument(`The query parameter '${name}' must be an ISO 8601 time.`);
    return timeMs;
  }
}

export function bodyText(request: ManagementRequest): string {
  return Buffer.from(request.body).toString('utf8').trim();
}

/** Text of the JSON body, checked; undefined when there is no body. */
export function jsonBody(request: ManagementRequest): string | undefined {
  const text = bodyText(request);
  if (text === '') return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw badArgument(`The request body is not valid JSON: ${String(error)}`);
  }
}
