/** Tasks of the second replay: settled once, and whoever waits goes on synchronously, at that point of the history. */

/** Failures carry whether a retry may follow; their texts matter to the SDK only, which reads them from the history. */
export type Settlement =
  | { readonly ok: true; readonly result: string | null }
  | { readonly ok: false; readonly nonRetriable: boolean };

export const DONE: Settlement = { ok: true, result: null };
export const FAILED: Settlement = { ok: false, nonRetriable: false };

export class EngineTask {
  #settlement: Settlement | undefined;
  readonly #waiting: ((settlement: Settlement) => void)[] = [];

  static settled(settlement: Settlement = DONE): EngineTask {
    const task = new EngineTask();
    task.settle(settlement);
    return task;
  }

  get settlement(): Settlement | undefined {
    return this.#settlement;
  }

  /** The first settlement counts, later ones are ignored. */
  settle(settlement: Settlement): void {
    if (this.#settlement) return;
    this.#settlement = settlement;
    for (const goOn of this.#waiting.splice(0)) goOn(settlement);
  }

  whenSettled(goOn: (settlement: Settlement) => void): void {
    if (this.#settlement) goOn(this.#settlement);
    else this.#waiting.push(goOn);
  }
}

/** A flow yields the task it waits for and is given its settlement. */
export type Flow = Generator<EngineTask, Settlement, Settlement>;

/** Runs `flow` as far as settled tasks carry it; the returned task settles with the flow's result. */
export function runFlow(flow: Flow): EngineTask {
  const outcome = new EngineTask();
  advance(flow, outcome, flow.next());
  return outcome;
}

/** A loop, not a recursion, over tasks already settled: an action list may hold thousands of signals. */
function advance(flow: Flow, outcome: EngineTask, first: IteratorResult<EngineTask, Settlement>): void {
  let step = first;
  while (!step.done) {
    const awaited = step.value;
    const settlement = awaited.settlement;
    if (!settlement) {
      awaited.whenSettled((later) => advance(flow, outcome, flow.next(later)));
      return;
    }
    step = flow.next(settlement);
  }
  outcome.settle(step.value);
}

/** Settles with the first child, whichever way that child went. */
export function whenAny(children: readonly EngineTask[]): EngineTask {
  const any = new EngineTask();
  for (const child of children) child.whenSettled(() => any.settle(DONE));
  return any;
}

/** Settles only when every child has settled, unlike the SDK, which goes on at the first failure. */
export function whenAll(children: readonly EngineTask[]): EngineTask {
  const all = new EngineTask();
  let left = children.length;
  let outcome = DONE;
  for (const child of children) {
    child.whenSettled((settlement) => {
      if (!settlement.ok) outcome = settlement;
      left -= 1;
      if (left === 0) all.settle(outcome);
    });
  }
  return all;
}
