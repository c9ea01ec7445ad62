/** Finds the one binding of a function that triggers it, and how many messages that takes at once. */
import type { Binding, FunctionDefinition } from '../seams/invocation.ts';

export function findTrigger(definition: FunctionDefinition): Binding | undefined {
  return Object.values(definition.bindings).find(({ type, direction }) => direction === 'in' && /trigger$/i.test(type));
}

/** True for a trigger whose function takes all messages of a delivery in one invocation. */
export function takesMany(trigger: Binding | undefined): boolean {
  return String(trigger?.cardinality).toLowerCase() === 'many';
}
