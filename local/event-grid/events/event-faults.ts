/**
 * Faults that a test orders for the next accepted events: duplicate, delay, reorder or lose them.
 *
 * 1. A fault applies to the next `count` events whose type contains `eventType`; then it is forgotten.
 * 2. The first fault in order of arming that matches an event takes it, no other one sees it.
 * 3. Reordered events are held until the last of them has come, then released last first.
 */
import { z } from 'zod';
import type { GridEvent } from './grid-event.ts';

const base = { count: z.int().min(1).max(1000).default(1), eventType: z.string().max(200).default('') };

export const eventFaultSchema = z.discriminatedUnion('type', [
  /** `copies` is how often the event is delivered in all. */
  z.strictObject({ ...base, type: z.literal('duplicate'), copies: z.int().min(2).max(100) }),
  z.strictObject({ ...base, type: z.literal('delay'), delayMs: z.int().min(1).max(86_400_000) }),
  z.strictObject({ ...base, type: z.literal('drop') }),
  z.strictObject({ ...base, type: z.literal('reorder'), count: z.int().min(2).max(1000).default(2) }),
]);

export type EventFault = z.infer<typeof eventFaultSchema>;
export type EventFaultInput = z.input<typeof eventFaultSchema>;

/** One delivery to begin, now or after a wait. */
export interface Release {
  readonly event: GridEvent;
  readonly delayMs: number;
}

interface Armed {
  readonly fault: EventFault;
  left: number;
  readonly held: GridEvent[];
}

export class EventFaults {
  readonly #armed: Armed[] = [];

  arm(input: EventFaultInput): void {
    const fault = eventFaultSchema.parse(input);
    this.#armed.push({ fault, left: fault.count, held: [] });
  }

  /** Forgets all faults; held events are lost with them. */
  clear(): void {
    this.#armed.length = 0;
  }

  /** What to deliver now that `event` has been accepted. */
  apply(event: GridEvent): Release[] {
    const index = this.#armed.findIndex(({ fault }) => event.type.includes(fault.eventType));
    const armed = this.#armed[index];
    if (!armed) return [{ event, delayMs: 0 }];
    armed.left -= 1;
    if (armed.left === 0) this.#armed.splice(index, 1);
    return releasesOf(armed, event);
  }
}

function releasesOf(armed: Armed, event: GridEvent): Release[] {
  const { fault, held, left } = armed;
  switch (fault.type) {
    case 'drop':
      return [];
    case 'delay':
      return [{ event, delayMs: fault.delayMs }];
    case 'duplicate':
      return Array.from({ length: fault.copies }, () => ({ event, delayMs: 0 }));
    case 'reorder':
      held.unshift(event);
      return left > 0 ? [] : held.map((one) => ({ event: one, delayMs: 0 }));
  }
}
