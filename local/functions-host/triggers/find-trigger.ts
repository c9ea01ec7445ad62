/** Finds the one binding of a function that triggers it. */
import type { Binding, FunctionDefinition } from '../invocation.ts';

export function findTrigger(definition: FunctionDefinition): Binding | undefined {
  return Object.values(definition.bindings).find(({ type, direction }) => direction === 'in' && /trigger$/i.test(type));
}
