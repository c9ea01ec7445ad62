/** Messages in flight as rows of the Messages table, and back. */
import { z } from 'zod';
import type { Message } from '../../dispatch/message.ts';
import { historyEventSchema } from '../../engine/history-event.ts';
import { escapeKey } from './escape-key.ts';
import type { Row } from './history-rows.ts';
import { isLarge, type LargeValues } from './large-values.ts';

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

export async function messageOfRow(row: Row, large: LargeValues): Promise<Message> {
  const blob = row.CompressedBlobName;
  const body = typeof blob === 'string' ? await large.load(blob) : String(row.Body);
  const read = messageSchema.safeParse(JSON.parse(body));
  if (read.success) return read.data;
  const keys = `PartitionKey '${row.partitionKey}', RowKey '${row.rowKey}'`;
  throw new Error(
    `Message row (${keys}) is corrupt: ${z.prettifyError(read.error)}. Delete the row and restart the host.`,
  );
}
