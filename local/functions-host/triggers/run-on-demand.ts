/** Runs a function with a text in place of its trigger's payload, for the admin API. */

import { withBodyProperties } from '../bindings/body-metadata.ts';
import { findTrigger, takesMany } from '../bindings/find-trigger.ts';
import type { RunOnDemand } from '../http/admin-api.ts';
import type { FunctionDefinition, FunctionInvoker, RpcTypedData } from '../seams/invocation.ts';
import { deliverEvents, parseEvents } from './event-grid-webhook.ts';
import type { TimerListener } from './timer-listener.ts';

export function createRunOnDemand(invoker: FunctionInvoker, timers: ReadonlyMap<string, TimerListener>): RunOnDemand {
  return (definition, input) => {
    switch (findTrigger(definition)?.type) {
      case 'timerTrigger':
        return timers.get(definition.name)?.runNow().then(ignoreOutcome);
      case 'eventGridTrigger': {
        const events = parseEvents(input);
        return events && deliverEvents(invoker, definition, events).then(ignoreOutcome);
      }
      case 'activityTrigger':
        return invoker.invoke({ functionName: definition.name, trigger: { string: input } }).then(ignoreOutcome);
      case 'queueTrigger':
      case 'serviceBusTrigger':
        return invoker.invoke(toMessage(definition, input)).then(ignoreOutcome);
      default:
        return undefined;
    }
  };
}

/** As if a message with this text had come; a function for many gets it as the only one. */
function toMessage(definition: FunctionDefinition, text: string) {
  const binding = findTrigger(definition);
  const trigger: RpcTypedData = takesMany(binding) ? { collectionString: { string: [text] } } : { string: text };
  const entries = binding?.type === 'queueTrigger' ? { QueueTrigger: { string: text } } : {};
  return { functionName: definition.name, trigger, triggerMetadata: withBodyProperties(entries, text) };
}

/** The invoker has logged a failure already. */
function ignoreOutcome(): void {}
