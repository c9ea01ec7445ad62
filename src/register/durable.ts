/** Registers orchestrators, entities and activities under the names by which they call each other. */
import * as df from 'durable-functions';
import { createOrchestrationControl } from '../adapters/durable/orchestration-control.ts';
import type { App } from '../compose.ts';
import type { ActivityName } from '../contracts/activities.ts';
import { COOL_DOWN_ENTITY, LANE_ENTITY } from '../contracts/names.ts';

const WAKE_ROLLOUT: ActivityName = 'wakeRollout';

export function registerDurable({ orchestrators, entities, activities, wakeRollout }: App): void {
  for (const [name, orchestrator] of Object.entries(orchestrators)) df.app.orchestration(name, orchestrator);
  df.app.entity(LANE_ENTITY, entities[LANE_ENTITY]);
  df.app.entity(COOL_DOWN_ENTITY, entities[COOL_DOWN_ENTITY]);
  for (const [name, handler] of Object.entries(activities)) df.app.activity(name, { handler });
  df.app.activity(WAKE_ROLLOUT, {
    extraInputs: [df.input.durableClient()],
    handler: (input, context) => wakeRollout(createOrchestrationControl(df.getClient(context)))(input),
  });
}
