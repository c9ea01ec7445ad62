/** Finds the app's durable functions by kind; names compare ignoring case. */
import type { FunctionInvoker } from '../../seams/invocation.ts';
import type { FunctionCatalog } from '../engine/replay-context.ts';

export type DurableKind = 'activity' | 'orchestrator' | 'entity';

const TRIGGERS: Readonly<Record<string, DurableKind>> = {
  activityTrigger: 'activity',
  orchestrationTrigger: 'orchestrator',
  entityTrigger: 'entity',
};

export class FunctionRegistry implements FunctionCatalog {
  readonly #byKind: Readonly<Record<DurableKind, Map<string, string>>> = {
    activity: new Map(),
    orchestrator: new Map(),
    entity: new Map(),
  };

  constructor(invoker: FunctionInvoker) {
    for (const { name, bindings } of invoker.functions()) {
      for (const { type } of Object.values(bindings)) {
        const kind = TRIGGERS[type];
        if (kind) this.#byKind[kind].set(name.toLowerCase(), name);
      }
    }
  }

  names(kind: DurableKind): readonly string[] {
    return [...this.#byKind[kind].values()];
  }

  has(kind: DurableKind, name: string): boolean {
    return this.#byKind[kind].has(name.toLowerCase());
  }

  /** The name as registered. */
  find(kind: DurableKind, name: string): string | undefined {
    return this.#byKind[kind].get(name.toLowerCase());
  }
}
