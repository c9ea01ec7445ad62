/** What a handler of the ARM surface gets and gives; nothing in it knows about the HTTP server. */
import type { ApiVersion } from './api-version.ts';

export interface ArmCall {
  /** Path parameters in the caller's spelling, URL-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** First value of a query parameter; its name is matched without case. */
  readonly query: (name: string) => string | undefined;
  readonly body: unknown;
  readonly apiVersion: ApiVersion;
  /** Object id of the caller, from the verified token. */
  readonly callerId: string;
  /** `https://localhost:<port>`, for nextLink and operation addresses. */
  readonly baseUrl: string;
  /** Path and query as sent. */
  readonly url: string;
}

export interface ArmReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ArmRoute {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** Below the workspace, or below the subscription's provider; `:name` marks a parameter. */
  readonly path: string;
  readonly scope?: 'workspace' | 'subscription';
  readonly handle: (call: ArmCall) => ArmReply | Promise<ArmReply>;
}

/** A path parameter that the route declares; its absence is a defect of the route table. */
export function param(call: ArmCall, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`The route of ${call.url} declares no parameter '${name}'.`);
  return value;
}

export function ok(body: unknown): ArmReply {
  return { status: 200, body };
}
