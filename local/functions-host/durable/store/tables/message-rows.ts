/** Messages in flight as rows of the Messages table, and back. */
import { z } from 'zod';
import { historyEventSchema } from '../../engine/history-event.ts';
import type { Message } from '../message.ts';
import { escapeKey } from './escape-key.ts';
import type { Row } from './history-rows.ts';
import { isBlobDamaged, isLarge, type LargeValues } from './large-values.ts';

const common = {
  id: z.string(),
  instanceId: z.string(),
  executionId: z.string().nullable(),
  dueMs: z.number(),
  sequence: z.number(),
  origin: z.object({ instanceId: z.string(), turn: z.number() }).nullable(),
};

const messageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    ...common,
    event: historyEventSchema,
    replacesRunning: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('activity'), ...common, taskId: z.int(), name: z.string(), input: z.string() }),
]);

export async function messageRow(message: Message, large: LargeValues): Promise<Row> {
  const [partitionKey, rowKey] = [escapeKey(message.instanceId), escapeKey(message.id)];
  const type = message.kind === 'event' ? message.event.EventType : 'TaskScheduled';
  const row: Row = { partitionKey, rowKey, EventType: type, DueTime: new Date(message.dueMs) };
  const body = JSON.stringify(message);
  if (!isLarge(body)) return { ...row, Body: body };
  const blob = `${partitionKey}/message-${rowKey}-${type}.json.gz`;
  await large.save(blob, body);
  return { ...row, CompressedBlobName: blob };
}

export type ReadMessage =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

/** What is wrong with the row itself is an answer; a storage that does not answer is an error. */
export async function messageOfRow(row: Row, large: LargeValues): Promise<ReadMessage> {
  const body = await bodyOf(row, large);
  const read = messageSchema.safeParse(parseJson(body));
  if (!read.success) return { ok: false, problem: corrupt(row, z.prettifyError(read.error)) };
  const addressee = escapeKey(read.data.instanceId);
  if (addressee === row.partitionKey) return { ok: true, message: read.data };
  return { ok: false, problem: corrupt(row, `its content is addressed to '${addressee}'`) };
}

async function bodyOf({ CompressedBlobName: blob, Body: body }: Row, large: LargeValues): Promise<unknown> {
  if (typeof blob !== 'string') return body;
  return large.load(blob).catch((error: unknown) => {
    if (isBlobDamaged(error)) return undefined;
    throw error;
  });
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function corrupt({ partitionKey, rowKey }: Row, cause: string): string {
  return `Message row (PartitionKey '${partitionKey}', RowKey '${rowKey}') is corrupt: ${cause}.`;
}
