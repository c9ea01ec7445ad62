/** What one turn decides to do: each decision becomes one history event and one message. */

export type Decision =
  | { readonly kind: 'activity'; readonly id: number; readonly name: string; readonly input: string }
  | { readonly kind: 'timer'; readonly id: number; readonly fireAtMs: number }
  | {
      readonly kind: 'subOrchestration';
      readonly id: number;
      readonly name: string;
      readonly version: string | null;
      readonly instanceId: string;
      readonly input: string | null;
    }
  | {
      readonly kind: 'event';
      readonly id: number;
      readonly instanceId: string;
      readonly name: string;
      readonly input: string;
      /** Delivery is held back until then. */
      readonly dueMs?: number;
    };

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type NewDecision = WithoutId<Decision>;

/** How a turn ends the execution. `failed` and `terminated` carry plain text, the others JSON text. */
export type Completion =
  | { readonly kind: 'completed'; readonly output: string | null }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly details: string;
      readonly failureDetails?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'terminated'; readonly reason: string | null }
  | { readonly kind: 'continuedAsNew'; readonly input: string | null };
