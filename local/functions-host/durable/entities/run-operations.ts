/** Runs a batch of operations through the app's entity function and reads its answer (`durable-functions` 3.5.0 `Entity`). */
import { z } from 'zod';
import type { FunctionInvoker } from '../../seams/invocation.ts';
import type { EntityRequest } from './entity-state.ts';

const answerSchema = z.object({
  results: z.array(z.object({ isError: z.boolean(), result: z.string().nullish() })),
  signals: z
    .array(
      z.object({
        target: z.object({ name: z.string(), key: z.string() }),
        name: z.string(),
        input: z.string().nullish(),
      }),
    )
    .default([]),
  entityExists: z.boolean(),
  entityState: z.string().nullish(),
});

export type EntityAnswer = z.infer<typeof answerSchema>;

export interface EntityBatch {
  readonly functionName: string;
  readonly entity: { readonly name: string; readonly key: string };
  readonly exists: boolean;
  readonly state: string | null;
  readonly operations: readonly EntityRequest[];
}

/** A batch that fails as a whole fails each operation and leaves the state as it was. */
export async function runOperations(invoker: FunctionInvoker, batch: EntityBatch): Promise<EntityAnswer> {
  const trigger = JSON.stringify({
    self: batch.entity,
    exists: batch.exists,
    state: batch.state,
    batch: batch.operations.map(({ op, input, signal }) => ({
      name: op,
      input: input ?? null,
      isSignal: signal === true,
    })),
  });
  const outcome = await invoker.invoke({ functionName: batch.functionName, trigger: { string: trigger } });
  if (!outcome.ok) return failedBatch(batch, outcome.message);
  const answer = answerSchema.safeParse(JSON.parse(outcome.returnValue?.json ?? 'null'));
  return answer.success ? answer.data : failedBatch(batch, z.prettifyError(answer.error));
}

export function failedBatch(batch: EntityBatch, message: string): EntityAnswer {
  return {
    results: batch.operations.map(() => ({ isError: true, result: JSON.stringify(message) })),
    signals: [],
    entityExists: batch.exists,
    entityState: batch.state,
  };
}
