/** Reads what a queue trigger or queue output is bound to. */
import { z } from 'zod';
import type { Binding } from '../seams/invocation.ts';
import { StartFailure } from '../seams/start-failure.ts';

/** Queue storage documentation, "Naming queues and metadata"; the host lower-cases names. */
const QUEUE_NAME = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

const bindingSchema = z.looseObject({
  queueName: z.string().toLowerCase().regex(QUEUE_NAME, 'Expected 3 to 63 letters, digits and single dashes'),
  connection: z.string().optional(),
});

export interface QueueBinding {
  readonly queueName: string;
  readonly connection: string | undefined;
}

export function readQueueBinding(functionName: string, binding: Binding): QueueBinding {
  const parsed = bindingSchema.safeParse(binding);
  if (parsed.success) return { queueName: parsed.data.queueName, connection: parsed.data.connection };
  throw new StartFailure(
    'binding',
    `The ${binding.type} binding of function ${functionName} is not valid:\n${z.prettifyError(parsed.error)}\n`,
    'Correct it where the function is registered.',
  );
}
