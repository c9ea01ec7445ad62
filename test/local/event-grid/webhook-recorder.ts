/** A subscriber on loopback that records its requests and answers as the test says. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Returns a status to answer with, or undefined to leave the request without an answer. */
export type Answer = (request: RecordedRequest, response: ServerResponse) => number | undefined;

export interface WebhookRecorder {
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** Requests that carry events, without handshakes. */
  notifications(): RecordedRequest[];
  answer: Answer;
  stop(): Promise<void>;
}

/** Consents to handshakes of both kinds and answers notifications with 200 until `answer` is replaced. */
export async function startWebhook(): Promise<WebhookRecorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
    requests.push(request);
    const status = recorder.answer(request, response);
    if (status !== undefined && !response.writableEnded) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const recorder: WebhookRecorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?code=secret`,
    requests,
    notifications: () => requests.filter(({ headers }) => headers['aeg-event-type'] === 'Notification'),
    answer: consent,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return recorder;
}

/** The answer of a well-behaved subscriber. */
export function consent(request: RecordedRequest, response: ServerResponse): number {
  if (request.method === 'OPTIONS') response.setHeader('webhook-allowed-origin', 'eventgrid.azure.net');
  if (request.headers['aeg-event-type'] !== 'SubscriptionValidation') return 200;
  const [event] = JSON.parse(request.body) as [{ data: { validationCode: string } }];
  response.end(JSON.stringify({ validationResponse: event.data.validationCode }));
  return 200;
}

/** Consents to handshakes, answers notifications with `status`. */
export function answering(status: number | undefined): Answer {
  return (request, response) =>
    request.headers['aeg-event-type'] === 'Notification' ? status : consent(request, response);
}
