/**
 * Control routes of the broker, for tests and people.
 *
 *   GET    /_control/entities          path, kind and depths of every entity
 *   POST   /_control/drop-connections  cuts every AMQP connection: {"dropped":2}
 *   POST   /_control/send-faults       {"entity":"rollout-commands","type":"refuse","count":3}, see send-faults.ts
 *   DELETE /_control/send-faults       forgets the faults that wait
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EntityDepth } from './entity-depths.ts';
import { type SendFaults, sendFaultSchema } from './send-faults.ts';

export interface ControlRoutesOptions {
  readonly faults: SendFaults;
  readonly entities: () => EntityDepth[];
  readonly dropConnections: () => number;
}

export function registerControlRoutes(app: FastifyInstance, options: ControlRoutesOptions): void {
  app.get('/_control/entities', async () => options.entities());
  app.post('/_control/drop-connections', async () => ({ dropped: options.dropConnections() }));
  app.post('/_control/send-faults', async (request, reply) => {
    const fault = sendFaultSchema.safeParse(request.body);
    if (!fault.success) {
      const message = `This is no send fault:\n${z.prettifyError(fault.error)}`;
      return reply.code(400).send({ error: { code: 'BadRequest', message } });
    }
    options.faults.arm(fault.data);
    return reply.code(201).send({});
  });
  app.delete('/_control/send-faults', async (_request, reply) => {
    options.faults.clear();
    return reply.code(204).send();
  });
}
