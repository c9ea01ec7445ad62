/** The load generator against a small HTTP server that answers as an endpoint does. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startTraffic } from '../../../local/traffic/start-traffic.ts';

const rows = [
  { features: { carrier: 'UA' }, label: 100 },
  { features: { carrier: 'AA' }, label: 200 },
];
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Seen {
  readonly uri: string;
  readonly bodies: string[];
  readonly sockets: Set<unknown>;
  readonly keys: Set<string | undefined>;
}

async function endpoint(answer: (response: ServerResponse, index: number) => void): Promise<Seen> {
  const seen = { bodies: [] as string[], sockets: new Set<unknown>(), keys: new Set<string | undefined>() };
  const server = createServer(async (request, response) => {
    seen.sockets.add(request.socket);
    seen.keys.add(request.headers.authorization);
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(response, seen.bodies.push(body) - 1);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { ...seen, uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/score` };
}

function answerWell(response: ServerResponse, deployment: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'azureml-model-deployment': deployment });
  response.end('{"predictions":[110]}');
}

/** Until the traffic has had `count` answers. */
async function answered(traffic: ReturnType<typeof startTraffic>, count: number): Promise<void> {
  await expect.poll(() => traffic.stats().all.requests, { timeout: 5000, interval: 5 }).toBeGreaterThanOrEqual(count);
}

describe('traffic', () => {
  test('a slow upload arrives whole, later, until it is set back', async () => {
    const target = await endpoint((response) => answerWell(response, 'blue'));
    const traffic = startTraffic({ scoringUri: target.uri, key: 'secret', rows, ratePerSecond: 100 });
    traffic.slowUploads(200);
    await answered(traffic, 5);
    traffic.slowUploads(0);
    await traffic.stop();
    expect(Math.max(...traffic.records().map(({ latencyMs }) => latencyMs))).toBeGreaterThanOrEqual(190);
    expect(target.bodies.every((body) => JSON.parse(body).data.length === 1)).toBe(true);
    expect(traffic.stats().all.errors).toBe(0);
    expect(() => traffic.slowUploads(-1)).toThrow(/not within 0 and 2000 ms/);
  });

  test('rows are replayed in order and again from the first, with the key, over few connections', async () => {
    const target = await endpoint((response) => answerWell(response, 'blue'));
    const traffic = startTraffic({ scoringUri: target.uri, key: 'secret', rows, ratePerSecond: 100 });
    await answered(traffic, 20);
    await traffic.stop();
    expect(target.bodies.slice(0, 3).map((body) => JSON.parse(body).data[0].carrier)).toEqual(['UA', 'AA', 'UA']);
    expect([...target.keys]).toEqual(['Bearer secret']);
    expect(target.sockets.size).toBeLessThan(target.bodies.length / 2);
  });

  test('answers are counted by deployment, with errors and the distance from the label', async () => {
    const target = await endpoint((response, index) => {
      if (index % 4 !== 3) return answerWell(response, 'blue');
      response.writeHead(424, { 'azureml-model-deployment': 'green' });
      response.end('failed');
    });
    const traffic = startTraffic({ scoringUri: target.uri, key: 'k', rows, ratePerSecond: 100, maxDurationMs: 200 });
    await answered(traffic, 20);
    await traffic.stop();
    const { byDeployment, sent } = traffic.stats();
    expect(sent).toBe(20);
    expect(byDeployment.green).toMatchObject({ requests: 5, errors: 5, meanAbsoluteError: null });
    expect(byDeployment.blue).toMatchObject({ requests: 15, errors: 0 });
    expect(byDeployment.blue?.meanAbsoluteError).toBeGreaterThan(9);
  });

  test('slow answers do not slow down sending', async () => {
    const held: ServerResponse[] = [];
    const target = await endpoint((response) => held.push(response));
    const traffic = startTraffic({ scoringUri: target.uri, key: 'k', rows, ratePerSecond: 200, maxDurationMs: 100 });
    await expect.poll(() => held.length, { timeout: 5000, interval: 5 }).toBe(20);
    expect(traffic.stats()).toMatchObject({ sent: 20, open: 20 });
    for (const response of held) answerWell(response, 'blue');
    await traffic.stop();
    expect(traffic.stats().all).toMatchObject({ requests: 20, errors: 0 });
  });

  test('a dead endpoint gives failed answers, not exceptions', async () => {
    const target = await endpoint((response) => response.socket?.destroy());
    const traffic = startTraffic({ scoringUri: target.uri, key: 'k', rows, ratePerSecond: 100, maxDurationMs: 50 });
    await answered(traffic, 5);
    await traffic.stop();
    expect(traffic.stats().byDeployment['']).toMatchObject({ requests: 5, errors: 5 });
  });

  test.each([
    ['an address of another machine', { scoringUri: 'https://example.org/score' }, /loopback/],
    ['a rate above the bound', { ratePerSecond: 201 }, /at most 200/],
    ['a rate of nothing', { ratePerSecond: 0 }, /above 0/],
    ['a duration above the bound', { maxDurationMs: 1e9 }, /maxDurationMs/],
    ['no rows', { rows: [] }, /no rows/],
  ])('%s is refused', (_case, change, message) => {
    const good = { scoringUri: 'http://127.0.0.1:9/score', key: 'k', rows, ratePerSecond: 1 };
    expect(() => startTraffic({ ...good, ...change })).toThrow(message);
  });
});
