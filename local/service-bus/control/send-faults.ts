/**
 * Faults that tests order for the next sends to an entity.
 *
 * `refuse` answers with server-busy, which clients retry. `drop` breaks the connection before the messages are
 * accepted, `loseReply` after it: the sender cannot know, and sends again.
 */
import { z } from 'zod';

export const sendFaultSchema = z.strictObject({
  /** Path of a queue or topic; all of them when absent. */
  entity: z.string().max(300).optional(),
  type: z.enum(['refuse', 'drop', 'loseReply']),
  count: z.int().min(1).max(1000).default(1),
});

export type SendFaultInput = z.input<typeof sendFaultSchema>;
export type SendFaultType = z.infer<typeof sendFaultSchema>['type'];

const MAX_ARMED = 100;

export class SendFaults {
  readonly #armed: { entity: string | undefined; type: SendFaultType; left: number }[] = [];

  /** Throws when the fault is malformed or too many wait already. */
  arm(input: SendFaultInput): void {
    const { entity, type, count } = sendFaultSchema.parse(input);
    if (this.#armed.length >= MAX_ARMED)
      throw new Error(`At most ${MAX_ARMED} send faults can wait; clear them first.`);
    this.#armed.push({ entity: entity?.toLowerCase(), type, left: count });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** Uses up one count of the first fault for this entity. */
  take(path: string): SendFaultType | undefined {
    const fault = this.#armed.find(({ entity }) => entity === undefined || entity === path.toLowerCase());
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left === 0) this.#armed.splice(this.#armed.indexOf(fault), 1);
    return fault.type;
  }
}
