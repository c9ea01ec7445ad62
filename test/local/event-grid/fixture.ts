/** A local Event Grid with its webhook, its tokens and an ARM caller, for one test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { type DevCertificates, ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import type { Clock } from '../../../local/emulator/clock.ts';
import type { DeadLetterWriter } from '../../../local/event-grid/dead-letter.ts';
import type { EventSchema } from '../../../local/event-grid/events/grid-event.ts';
import { type RunningEventGrid, startEventGrid } from '../../../local/event-grid/start-event-grid.ts';
import { type RunningIdentity, startIdentity } from '../../../local/identity/start-identity.ts';
import { startWebhook, type WebhookRecorder } from './webhook-recorder.ts';

export const WORKSPACE_ID =
  '/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.MachineLearningServices/workspaces/ws1';
const principal = { tenantId: 't1', objectId: 'o1', clientId: 'c1' };

export interface ArmAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface GridFixture {
  readonly grid: RunningEventGrid;
  readonly identity: RunningIdentity;
  readonly webhook: WebhookRecorder;
  readonly tls: DevCertificates;
  readonly deadLetters: { readonly blobName: string; readonly events: unknown[] }[];
  arm(method: string, scope: string, name: string, body?: unknown, token?: string): Promise<ArmAnswer>;
  /** Any request to the emulator, trusting its certificate. */
  http(method: string, url: string, headers?: Record<string, string>, body?: string): Promise<ArmAnswer>;
  /** Subscribes the webhook to `scope` and waits until the subscription is valid. */
  subscribe(scope: string, properties?: Record<string, unknown>): Promise<void>;
  raise(type: string, subject?: string, data?: Record<string, unknown>): void;
  stop(): Promise<void>;
}

export interface FixtureOptions {
  readonly clock: Clock;
  readonly writeDeadLetter?: DeadLetterWriter;
  readonly retryScale?: number;
}

export async function startGridFixture({ clock, writeDeadLetter, retryScale }: FixtureOptions): Promise<GridFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'event-grid-'));
  const tls = await ensureDevCertificates(folder);
  const identity = await startIdentity({ port: 0, clock, principal });
  const deadLetters: { blobName: string; events: unknown[] }[] = [];
  const topic = (name: string, inputSchema: EventSchema) => ({
    name,
    subscriptionId: 's1',
    resourceGroup: 'rg1',
    inputSchema,
  });
  const grid = await startEventGrid({
    port: 0,
    clock,
    tls,
    verifyBearer: identity.verifyBearer,
    topics: [topic('classic', 'EventGridSchema'), topic('cloud', 'CloudEventSchemaV1_0')],
    systemSources: [WORKSPACE_ID],
    random: () => 0,
    retryScale: retryScale ?? 1,
    writeDeadLetter:
      writeDeadLetter ??
      (async (_destination, blobName, json) => {
        deadLetters.push({ blobName, events: JSON.parse(json) as unknown[] });
        return 'written';
      }),
  });
  const webhook = await startWebhook();
  const agent = new Agent({ connect: { ca: tls.ca } });

  const http: GridFixture['http'] = async (method, url, headers = {}, body) => {
    const response = await fetch(url, { method, headers, body: body ?? null, dispatcher: agent });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  };
  const arm: GridFixture['arm'] = async (method, scope, name, body, token) => {
    const bearer = token ?? (await identity.issueToken('https://management.azure.com')).value;
    const url = `${grid.url}${scope}/providers/Microsoft.EventGrid/eventSubscriptions${name && `/${name}`}?api-version=2022-06-15`;
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    return http(method, url, headers, body === undefined ? undefined : JSON.stringify(body));
  };
  return {
    grid,
    identity,
    webhook,
    tls,
    deadLetters,
    arm,
    http,
    async subscribe(scope, properties = {}) {
      await arm('PUT', scope, 'sub-one', subscriptionBody(webhook.url, properties));
      await eventually(async () => provisioningState(await arm('GET', scope, 'sub-one')) === 'Succeeded');
    },
    raise: (type, subject = 'models/flights:2', data = {}) =>
      grid.events.raise({ source: WORKSPACE_ID, type, subject, data }),
    async stop() {
      await Promise.all([grid.stop(), identity.stop(), webhook.stop(), agent.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

export function subscriptionBody(endpointUrl: string, properties: Record<string, unknown> = {}): object {
  return { properties: { destination: { endpointType: 'WebHook', properties: { endpointUrl } }, ...properties } };
}

export function provisioningState(answer: ArmAnswer): unknown {
  return (answer.body.properties as Record<string, unknown> | undefined)?.provisioningState;
}

/** Polls until `condition` holds; fails after 15 s of real time. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`Did not come true within 15 s: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
