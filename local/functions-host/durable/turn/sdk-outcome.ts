/** Reads what an orchestrator invocation returned or threw. */
import { z } from 'zod';
import type { InvocationOutcome } from '../../seams/invocation.ts';
import { type OrchestratorState, orchestratorStateSchema } from '../engine/actions.ts';

/** A failing orchestrator throws a message that carries its state behind this mark. */
const STATE_MARK = '\n\n$OutOfProcData$:';

export type SdkOutcome =
  | { readonly ok: true; readonly state: OrchestratorState }
  | { readonly ok: false; readonly message: string };

export function readSdkOutcome(outcome: InvocationOutcome): SdkOutcome {
  if (outcome.ok) return parseState(outcome.returnValue?.json);
  const mark = outcome.message.indexOf(STATE_MARK);
  if (mark < 0) return { ok: false, message: outcome.message };
  return parseState(outcome.message.slice(mark + STATE_MARK.length));
}

function parseState(json: string | undefined): SdkOutcome {
  try {
    return { ok: true, state: orchestratorStateSchema.parse(JSON.parse(json ?? 'null')) };
  } catch (error) {
    const cause = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return {
      ok: false,
      message: `the function returned no orchestrator state (${cause}). Was it registered with df.app.orchestration?`,
    };
  }
}
