/** Registers the functions that Event Grid calls; what became of each event is in the log. */
import * as df from 'durable-functions';
import { createOrchestrationControl } from '../adapters/durable/orchestration-control.ts';
import type { App } from '../compose.ts';
import type { EventHandler } from '../functions/events/take-event.ts';

export function registerEvents({ events }: App): void {
  const functions: Readonly<Record<string, EventHandler | null>> = { ...events };
  for (const [name, handle] of Object.entries(functions)) if (handle) register(name, handle);
}

function register(name: string, handle: EventHandler): void {
  df.app.client.eventGrid(name, {
    async handler(event, client, context) {
      const { outcome, reason } = await handle(event, createOrchestrationControl(client));
      context.log(`${outcome}: ${reason}`);
    },
  });
}
