/** Sends rows to one scoring URI over connections that stay open; loopback addresses only. */
import { Readable } from 'node:stream';
import { Pool } from 'undici';
import { z } from 'zod';
import { sleep, systemClock } from '../emulator/clock.ts';
import type { ReplayRow } from './replay-rows.ts';

/** More than any request time-out of an online endpoint in the demo: the endpoint gives up first. */
const CLIENT_TIMEOUT_MS = 10_000;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const replySchema = z.object({ predictions: z.tuple([z.number()]) });

export interface ScoringTarget {
  readonly scoringUri: string;
  readonly key: string;
  /** PEM text of the CA that signed the endpoint's certificate. */
  readonly ca?: string | undefined;
  readonly connections: number;
}

export interface ScoringReply {
  readonly status: number;
  readonly deployment: string;
  readonly prediction: number | null;
}

export interface ScoringClient {
  /** Never rejects: a failed connection is a reply with status 0. The body takes `uploadMs` to send. */
  score(row: ReplayRow, uploadMs: number): Promise<ScoringReply>;
  close(): Promise<void>;
}

/** Fails when the URI is not on this machine: a load generator must not meet somebody's endpoint by mistake. */
export function createScoringClient(target: ScoringTarget): ScoringClient {
  const uri = new URL(target.scoringUri);
  if (!LOOPBACK.has(uri.hostname)) {
    throw new Error(`${target.scoringUri} is not on this machine; traffic is sent to loopback addresses only.`);
  }
  const pool = new Pool(uri.origin, {
    connections: target.connections,
    connect: target.ca ? { ca: target.ca } : {},
    headersTimeout: CLIENT_TIMEOUT_MS,
    bodyTimeout: CLIENT_TIMEOUT_MS,
  });
  const path = uri.pathname + uri.search;
  const headers = { authorization: `Bearer ${target.key}`, 'content-type': 'application/json' };
  return {
    async score({ features }, uploadMs) {
      try {
        const text = JSON.stringify({ data: [features] });
        const body = uploadMs > 0 ? Readable.from(slowBody(text, uploadMs)) : text;
        const reply = await pool.request({ method: 'POST', path, headers, body });
        const answer = await reply.body.text();
        const deployment = String(reply.headers['azureml-model-deployment'] ?? '');
        return { status: reply.statusCode, deployment, prediction: predictionOf(answer) };
      } catch {
        return { status: 0, deployment: '', prediction: null };
      }
    },
    close: () => pool.destroy(),
  };
}

/** As over a slow line: the headers and the first byte at once, the rest after a pause. */
async function* slowBody(text: string, uploadMs: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  yield bytes.subarray(0, 1);
  await sleep(systemClock, uploadMs);
  yield bytes.subarray(1);
}

function predictionOf(text: string): number | null {
  try {
    return replySchema.safeParse(JSON.parse(text)).data?.predictions[0] ?? null;
  } catch {
    return null;
  }
}
