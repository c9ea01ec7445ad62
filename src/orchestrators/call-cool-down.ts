/** Typed calls of the cool-down entity of one model. */
import { EntityId, type OrchestrationContext } from 'durable-functions';
import { COOL_DOWN_ENTITY, type CoolDownOperation, coolDownKeyOf } from '../contracts/names.ts';
import type { RetrainingState } from '../domain/retraining/state.ts';
import type { Steps } from './call.ts';

export function* callCoolDown<Result>(
  ctx: OrchestrationContext,
  { endpoint, model }: Pick<RetrainingState, 'endpoint' | 'model'>,
  operation: CoolDownOperation,
  input: object,
): Steps<Result> {
  const entity = new EntityId(COOL_DOWN_ENTITY, coolDownKeyOf(endpoint, model));
  const result: Result = yield ctx.df.callEntity(entity, operation, input);
  return result;
}
