/**
 * The operator's mailbox: receives the app's approval requests over Event Grid, as a mail or chat gateway would.
 *
 * Source of the handshake: CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery" 1.0.1, section 4 (abuse protection).
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { systemClock } from '../../local/emulator/clock.ts';
import { startEmulator } from '../../local/emulator/server.ts';

const REQUESTED = 'Slipway.Approval.Requested';
const API_VERSION = '2022-06-15';
const MAX_LETTERS = 100;

const eventSchema = z.object({
  type: z.literal(REQUESTED),
  data: z.object({ approvalId: z.string(), version: z.string(), weight: z.number(), approveUrl: z.url() }),
});

export interface ApprovalRequest {
  readonly approvalId: string;
  readonly version: string;
  readonly weight: number;
  /** From the approval link; the link itself is for people. */
  readonly token: string;
}

export interface ApprovalMailbox {
  /** The newest request that concerns the version. */
  requestFor(version: string): ApprovalRequest | undefined;
  stop(): Promise<void>;
}

export interface MailboxOptions {
  readonly eventGridUrl: string;
  /** ARM id of the topic that the app publishes to. */
  readonly topicArmId: string;
  /** A token for https://management.azure.com. */
  readonly managementToken: string;
}

/** Resolves when Event Grid has accepted the subscription. */
export async function startApprovalMailbox(options: MailboxOptions): Promise<ApprovalMailbox> {
  const letters: ApprovalRequest[] = [];
  const server = await startEmulator({
    name: 'approval mailbox',
    port: 0,
    clock: systemClock,
    register: (app) => receive(app, letters),
  });
  await subscribe(options, `${server.url}/letters`);
  return {
    requestFor: (version) => letters.findLast((letter) => letter.version === version),
    stop: server.stop,
  };
}

function receive(app: FastifyInstance, letters: ApprovalRequest[]): void {
  app.options('/letters', async (request, reply) =>
    reply
      .headers({
        'webhook-allowed-origin': request.headers['webhook-request-origin'] ?? '*',
        'webhook-allowed-rate': '*',
      })
      .send(),
  );
  app.post('/letters', async (request, reply) => {
    const parsed = eventSchema.safeParse(request.body);
    if (parsed.success) letters.push(letterOf(parsed.data.data));
    if (letters.length > MAX_LETTERS) letters.shift();
    return reply.code(200).send();
  });
}

function letterOf({ approveUrl, ...rest }: z.output<typeof eventSchema>['data']): ApprovalRequest {
  return { ...rest, token: new URL(approveUrl).searchParams.get('token') ?? '' };
}

async function subscribe({ eventGridUrl, topicArmId, managementToken }: MailboxOptions, endpointUrl: string) {
  const url = `${eventGridUrl}${topicArmId}/providers/Microsoft.EventGrid/eventSubscriptions/approvals?api-version=${API_VERSION}`;
  const headers = { authorization: `Bearer ${managementToken}`, 'content-type': 'application/json' };
  const body = {
    properties: {
      destination: { endpointType: 'WebHook', properties: { endpointUrl } },
      eventDeliverySchema: 'CloudEventSchemaV1_0',
      filter: { includedEventTypes: [REQUESTED] },
    },
  };
  const reply = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`Event Grid refused the mailbox with ${reply.status}: ${await reply.text()}`);
}
