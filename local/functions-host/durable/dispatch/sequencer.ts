/** Gives messages their order of arrival: by due time, and by order of sending within one millisecond. */

import type { Message, MessageOrigin } from '../store/message.ts';
import type { MessageDraft } from '../turn/turn-plan.ts';

const PER_MS = 1000;

export class Sequencer {
  #last = 0;

  stamp(draft: MessageDraft, nowMs: number, origin: MessageOrigin | null): Message {
    return { ...draft, sequence: draft.sequence ?? this.#next(draft.dueMs, nowMs), origin } as Message;
  }

  #next(dueMs: number, nowMs: number): number {
    if (dueMs > nowMs) return dueMs * PER_MS;
    this.#last = Math.max(this.#last + 1, nowMs * PER_MS);
    return this.#last;
  }
}
