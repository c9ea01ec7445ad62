/** Messages that wait in memory for their instance, due ones in order, later ones on the clock. */
import type { Cancel, Clock } from '../../../emulator/clock.ts';
import type { EventMessage } from '../store/message.ts';
import { whenDue } from './long-delay.ts';

interface Mailbox {
  readonly due: EventMessage[];
  readonly later: Map<string, { readonly message: EventMessage; readonly cancel: Cancel }>;
}

export class Mailboxes {
  readonly #clock: Clock;
  readonly #wake: (instanceId: string) => void;
  readonly #boxes = new Map<string, Mailbox>();

  /** `wake` is called whenever an instance has mail that is due. */
  constructor(clock: Clock, wake: (instanceId: string) => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  deliver(message: EventMessage): void {
    const box = this.#boxOf(message.instanceId);
    if (message.dueMs <= this.#clock.nowMs()) {
      this.#enqueue(box, message);
      return;
    }
    box.later.get(message.id)?.cancel();
    const cancel = whenDue(this.#clock, message.dueMs, () => {
      box.later.delete(message.id);
      this.#enqueue(box, message);
    });
    box.later.set(message.id, { message, cancel });
  }

  /** Takes up to `most` due messages; the taker gives back what it could not process. */
  take(instanceId: string, most: number): EventMessage[] {
    const taken = this.#boxes.get(instanceId)?.due.splice(0, most) ?? [];
    this.#forgetWhenEmpty(instanceId);
    return taken;
  }

  giveBack(instanceId: string, messages: readonly EventMessage[]): void {
    this.#boxOf(instanceId).due.unshift(...messages);
  }

  hasDue(instanceId: string): boolean {
    return (this.#boxes.get(instanceId)?.due.length ?? 0) > 0;
  }

  /** Withdraws what waits for its time for one execution, all of it when none is named; returns the ids. */
  withdrawLater(instanceId: string, executionId?: string): string[] {
    const box = this.#boxes.get(instanceId);
    const withdrawn: string[] = [];
    for (const [id, { message, cancel }] of box?.later ?? []) {
      if (executionId !== undefined && message.executionId !== executionId) continue;
      cancel();
      box?.later.delete(id);
      withdrawn.push(id);
    }
    this.#forgetWhenEmpty(instanceId);
    return withdrawn;
  }

  clear(): void {
    for (const instanceId of [...this.#boxes.keys()]) {
      this.withdrawLater(instanceId);
      this.#boxes.delete(instanceId);
    }
  }

  #enqueue(box: Mailbox, message: EventMessage): void {
    const last = box.due.at(-1);
    const isLast = last === undefined || last.sequence <= message.sequence;
    const place = isLast ? box.due.length : box.due.findIndex((other) => other.sequence > message.sequence);
    box.due.splice(place, 0, message);
    this.#wake(message.instanceId);
  }

  #boxOf(instanceId: string): Mailbox {
    const known = this.#boxes.get(instanceId);
    if (known) return known;
    const box: Mailbox = { due: [], later: new Map() };
    this.#boxes.set(instanceId, box);
    return box;
  }

  #forgetWhenEmpty(instanceId: string): void {
    const box = this.#boxes.get(instanceId);
    if (box && box.due.length === 0 && box.later.size === 0) this.#boxes.delete(instanceId);
  }
}
