/** Plain HTTPS calls, for what the SDK would never send. */
import { request } from 'node:https';
import type { MonitorFixture } from './monitor-fixture.ts';

export interface CallOptions {
  readonly audience?: string;
  readonly lifetimeMs?: number;
  readonly body?: unknown;
}

export async function callMonitor(
  fixture: MonitorFixture,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const { audience, lifetimeMs, body } = options;
  const headers = {
    ...(audience === undefined ? {} : { authorization: `Bearer ${await fixture.token(audience, lifetimeMs)}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${fixture.monitor.url}${path}`, { method, headers, ca: fixture.ca }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: text === '' ? '' : JSON.parse(text) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
