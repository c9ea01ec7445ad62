/**
 * Control routes that only Azure ML has, beside the ones of every emulator:
 *
 *   POST   /_control/events      raises a system event (again)  {"type","subject","data","source"?}
 *   POST   /_control/operations  orders how the next matching operation ends
 *                                {"match":"PUT .*onlineEndpoints","fail":{"code","message"},"delayMs":0,"times":1}
 *   GET    /_control/operations  operations seen, with their outcome
 *   DELETE /_control/operations  forgets the orders
 *   POST   /_control/workspace   what an operator changes in the workspace  {"v1LegacyMode":true}
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SystemEventSink } from '../../contracts/system-event.ts';
import { operationOrderSchema } from './protocol/operation-orders.ts';
import type { Operations } from './protocol/operations.ts';
import type { WorkspaceMode } from './workspace-routes.ts';

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
  readonly mode: WorkspaceMode;
}

const modeSchema = z.strictObject({ v1LegacyMode: z.boolean() });

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
  app.post('/_control/workspace', async (request, reply) => {
    options.mode.v1LegacyMode = modeSchema.parse(request.body).v1LegacyMode;
    return reply.code(200).send({});
  });
  app.delete('/_control/operations', async (_request, reply) => {
    options.operations.orders.clear();
    return reply.code(204).send();
  });
}
