/**
 * Gives requests to instances.
 *
 * 1. An instance works on at most `maxConcurrent` requests at a time; the others wait, first come first served.
 * 2. Requests go round the instances. A dead one keeps its share, as it does behind a load balancer that has not
 *    noticed yet: whoever is sent to it gets nothing.
 * 3. A removed instance gets no further request and finishes those that it has.
 */

export interface QueueMember {
  readonly alive: boolean;
}

interface Waiter<M> {
  readonly give: (member: M | undefined) => void;
}

export class InstanceQueue<M extends QueueMember> {
  readonly #maxConcurrent: number;
  readonly #members: M[] = [];
  readonly #inFlight = new Map<M, number>();
  readonly #waiting: Waiter<M>[] = [];
  readonly #drained = new Map<M, () => void>();
  #turn = 0;

  constructor(maxConcurrent: number) {
    this.#maxConcurrent = maxConcurrent;
  }

  get members(): readonly M[] {
    return this.#members;
  }

  add(member: M): void {
    this.#members.push(member);
    this.changed();
  }

  /** Resolves when the member has finished its last request. */
  remove(member: M): Promise<void> {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    this.changed();
    if (!this.#inFlight.get(member)) return Promise.resolve();
    return new Promise((resolve) => this.#drained.set(member, resolve));
  }

  /** Resolves with an instance that must be released, or undefined for a dead one; rejects when `signal` aborts. */
  acquire(signal: AbortSignal): Promise<M | undefined> {
    const next = this.#members[this.#turn % Math.max(1, this.#members.length)];
    const free = this.#free();
    this.#turn += 1;
    if (!next?.alive) return Promise.resolve(undefined);
    if (free) return Promise.resolve(this.#take(free));
    return new Promise((resolve, reject) => {
      const waiter: Waiter<M> = {
        give: (member) => {
          signal.removeEventListener('abort', giveUp);
          resolve(member);
        },
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiter);
    });
  }

  release(member: M): void {
    const left = (this.#inFlight.get(member) ?? 1) - 1;
    this.#inFlight.set(member, left);
    if (left === 0 && !this.#members.includes(member)) {
      this.#inFlight.delete(member);
      this.#drained.get(member)?.();
      this.#drained.delete(member);
    }
    this.changed();
  }

  /** To be called when a member has died or come back. */
  changed(): void {
    const anyAlive = this.#members.some((member) => member.alive);
    while (this.#waiting.length > 0) {
      const free = this.#free();
      if (anyAlive && !free) return;
      this.#waiting.shift()?.give(free && this.#take(free));
    }
  }

  #take(member: M): M {
    this.#inFlight.set(member, this.#load(member) + 1);
    return member;
  }

  /** The living instance with the least work that can take more; among equals, the one whose turn it is. */
  #free(): M | undefined {
    let best: M | undefined;
    const count = this.#members.length;
    for (let step = 0; step < count; step++) {
      const member = this.#members[(this.#turn + step) % count];
      if (!member?.alive || this.#load(member) >= this.#maxConcurrent) continue;
      if (!best || this.#load(member) < this.#load(best)) best = member;
    }
    return best;
  }

  #load(member: M): number {
    return this.#inFlight.get(member) ?? 0;
  }
}
