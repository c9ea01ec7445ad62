/**
 * Control routes that Event Grid adds to `/_control` for tests and people.
 *
 *   POST   /_control/event-faults  {"type":"duplicate","copies":5,"count":1,"eventType":"ModelRegistered"}
 *   DELETE /_control/event-faults  forgets the faults and the events that they hold back
 *   GET    /_control/deliveries    what became of each attempt, newest last
 *   DELETE /_control/deliveries    forgets the attempts so far
 *   GET    /_control/events        the events accepted, newest last (at most MAX_EVENTS)
 */
import type { FastifyInstance } from 'fastify';
import type { DeliveryLog } from './delivery-log.ts';
import { answerError } from './events/error-answer.ts';
import { type EventFaults, eventFaultSchema } from './events/event-faults.ts';
import type { GridEvent } from './events/grid-event.ts';

const MAX_EVENTS = 1000;

/** The events accepted, newest last. */
export class AcceptedEvents {
  readonly #events: GridEvent[] = [];

  add(event: GridEvent): void {
    if (this.#events.push(event) > MAX_EVENTS) this.#events.shift();
  }

  all(): readonly GridEvent[] {
    return this.#events;
  }
}

export function registerControlRoutes(
  app: FastifyInstance,
  { faults, records, accepted }: { faults: EventFaults; records: DeliveryLog; accepted: AcceptedEvents },
): void {
  app.post('/_control/event-faults', async (request, reply) => {
    const parsed = eventFaultSchema.safeParse(request.body);
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      return answerError(reply, 400, 'BadRequest', 'This is no event fault.', problems);
    }
    faults.arm(parsed.data);
    return reply.code(201).send({});
  });
  app.delete('/_control/event-faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/_control/deliveries', async () => records.all());
  app.delete('/_control/deliveries', async (_request, reply) => {
    records.clear();
    return reply.code(204).send();
  });
  app.get('/_control/events', async () => accepted.all());
}
