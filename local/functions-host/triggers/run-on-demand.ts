/** Runs a function with a text in place of its trigger's payload, for the admin API. */
import type { RunOnDemand } from '../http/admin-api.ts';
import type { FunctionInvoker } from '../invocation.ts';
import { deliverEvents, parseEvents } from './event-grid-webhook.ts';
import { findTrigger } from './find-trigger.ts';
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
      default:
        return undefined;
    }
  };
}

/** The invoker has logged a failure already. */
function ignoreOutcome(): void {}
