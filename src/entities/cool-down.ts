/** The cool-down entity of one model: applies the pure operations to its stored state; a malformed call changes nothing. */
import type { EntityContext, EntityHandler } from 'durable-functions';
import { type CoolDownCall, coolDownCallSchema } from '../contracts/cool-down.ts';
import {
  askToAbort,
  type CoolDownState,
  claimModel,
  EMPTY_COOL_DOWN,
  giveBack,
  markSpent,
  releaseModel,
  renewClaim,
} from '../domain/retraining/cool-down.ts';

export const coolDown: EntityHandler<CoolDownState> = (context: EntityContext<CoolDownState>) => {
  const parsed = coolDownCallSchema.safeParse({ operation: context.df.operationName, input: context.df.getInput() });
  if (!parsed.success) {
    const { entityKey, operationName } = context.df;
    context.error(`Cool-down ${entityKey}: operation ${operationName} was malformed: ${parsed.error.message}`);
    context.df.return({ kind: 'malformed' });
    return;
  }
  const before = context.df.getState(() => EMPTY_COOL_DOWN) ?? EMPTY_COOL_DOWN;
  const { state, result } = applyCall(before, parsed.data);
  context.df.setState(state);
  context.df.return<unknown>(result);
};

function applyCall(state: CoolDownState, call: CoolDownCall): { state: CoolDownState; result: unknown } {
  const { retrainingId } = call.input;
  switch (call.operation) {
    case 'claim':
      return claimModel(state, call.input);
    case 'renew':
      return renewClaim(state, retrainingId, call.input.nowIso);
    case 'markSpent':
      return markSpent(state, retrainingId, call.input.nowIso, call.input.dataAsOfIso);
    case 'giveBack':
      return giveBack(state, retrainingId);
    case 'abort':
      return askToAbort(state, retrainingId, call.input.by, call.input.reason);
    case 'release':
      return releaseModel(state, retrainingId, call.input.judgedData);
  }
}
