/**
 * Control routes that only Azure ML has, beside the ones of every emulator:
 *
 *   POST   /_control/events      raises a system event (again)  {"type","subject","data","source"?}
 *   POST   /_control/operations  orders how the next matching operation ends
 *                                {"match":"PUT .*onlineEndpoints","fail":{"code","message"},"delayMs":0,"times":1}
 *   GET    /_control/operations  operations seen, with their outcome
 *   DELETE /_control/operations  forgets the orders
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SystemEventSink } from '../../contracts/system-event.ts';
import { operationOrderSchema } from './protocol/operation-orders.ts';
import type { Operations } from './protocol/operations.ts';

const eventSchema = z.strictObject({
  source: z.string().max(1000).optional(),
  type: z.string().min(1).max(200),
  subject: z.string().min(1).max(1000),
  data: z.record(z.string(), z.unknown()),
});

export interface ControlOptions {
  readonly operations: Operations;
  readonly events: SystemEventSink;
  /** ARM id of the workspace; the source of events that name none. */
  readonly source: string;
}

export function installControlRoutes(app: FastifyInstance, options: ControlOptions): void {
  app.post('/_control/events', async (request, reply) => {
    const { source = options.source, ...event } = eventSchema.parse(request.body);
    options.events.raise({ source, ...event });
    return reply.code(202).send({});
  });
  app.post('/_control/operations', async (request, reply) => {
    options.operations.orders.add(operationOrderSchema.parse(request.body));
    return reply.code(201).send({});
  });
  app.get('/_control/operations', async () =>
    options.operations.list().map(({ id, title, startedAtMs, endedAtMs, outcome }) => ({
      id,
      title,
      startedAtMs,
      endedAtMs,
      outcome,
    })),
  );
  app.delete('/_control/operations', async (_request, reply) => {
    options.operations.orders.clear();
    return reply.code(204).send();
  });
}
