/** Decides whether this host can serve a function's bindings; a host that silently left one out would mislead. */

import { MESSAGE_OUTPUTS } from '../outputs/output-writer.ts';
import type { FunctionDefinition } from '../seams/invocation.ts';
import { StartFailure } from '../seams/start-failure.ts';

const DURABLE_TRIGGERS = ['orchestrationTrigger', 'activityTrigger', 'entityTrigger'];
const MESSAGE_TRIGGERS = ['eventGridTrigger', 'queueTrigger', 'serviceBusTrigger'];
const SUPPORTED = {
  in: ['httpTrigger', 'timerTrigger', ...MESSAGE_TRIGGERS, ...DURABLE_TRIGGERS, 'durableClient'],
  out: ['http', ...MESSAGE_OUTPUTS],
};

/** Fails with the function, its file and the binding type at the first binding that is not supported. */
export function checkBindings(functions: readonly FunctionDefinition[], fileOf: (name: string) => string): void {
  for (const definition of functions) {
    for (const { type, direction } of Object.values(definition.bindings)) {
      if (SUPPORTED[direction].includes(type)) continue;
      throw new StartFailure(
        'binding',
        `Function ${definition.name} (registered by ${fileOf(definition.name)}) has a binding of type "${type}" (direction ${direction}) that this host does not serve.`,
        `Supported are ${[...SUPPORTED.in, ...SUPPORTED.out].join(', ')}. ` +
          `Set AzureWebJobs.${definition.name}.Disabled to true to leave the function out.`,
      );
    }
  }
}

export function usesDurable(functions: readonly FunctionDefinition[]): boolean {
  return functions.some(({ bindings }) =>
    Object.values(bindings).some(({ type }) => type === 'durableClient' || DURABLE_TRIGGERS.includes(type)),
  );
}
