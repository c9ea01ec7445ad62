/**
 * Runs a function for received messages and settles them: completed when it succeeded, abandoned when it failed, so
 * that they come again until the entity's delivery count is used up (Functions documentation, "PeekLock behavior").
 */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { HostLog } from '../seams/host-log.ts';
import type { FunctionInvoker } from '../seams/invocation.ts';
import { messageOf } from '../seams/start-failure.ts';
import { toBatchInvocation, toMessageInvocation } from './message-invocation.ts';

export type Settler = Pick<ServiceBusReceiver, 'completeMessage' | 'abandonMessage'>;

export interface DeliveryParts {
  readonly functionName: string;
  readonly isMany: boolean;
  readonly isBinary: boolean;
  /** False leaves a message of a successful run locked: the function settles it itself. */
  readonly autoComplete: boolean;
  readonly invoker: FunctionInvoker;
  readonly log: HostLog;
}

/** After a lost connection the client waits a minute for the answer to a settlement; a host that stops waits this long. */
const SETTLE_GRACE_MS = 1000;

/** Never rejects: a message that cannot be settled comes again when its lock ends. */
export async function deliver(
  parts: DeliveryParts,
  settler: Settler,
  messages: readonly ServiceBusReceivedMessage[],
  stopping: AbortSignal,
): Promise<void> {
  const { functionName, isMany, invoker } = parts;
  if (isMany) {
    const outcome = await invoker.invoke(toBatchInvocation(functionName, messages, parts));
    await Promise.all(messages.map((message) => settle(parts, settler, message, { succeeded: outcome.ok, stopping })));
    return;
  }
  for (const message of messages) {
    const outcome = await invoker.invoke(toMessageInvocation(functionName, message, parts));
    await settle(parts, settler, message, { succeeded: outcome.ok, stopping });
  }
}

async function settle(
  { functionName, autoComplete, log }: DeliveryParts,
  settler: Settler,
  message: ServiceBusReceivedMessage,
  { succeeded, stopping }: { readonly succeeded: boolean; readonly stopping: AbortSignal },
): Promise<void> {
  try {
    if (!succeeded) await soonAfter(stopping, settler.abandonMessage(message));
    else if (autoComplete) await soonAfter(stopping, settler.completeMessage(message));
  } catch (error) {
    const what = `Message ${message.messageId} of function ${functionName} could not be settled: ${messageOf(error)}.`;
    log('warning', `${what} It comes again when its lock ends.`);
  }
}

/** Rejects when `task` is still under way some time after the host began to stop. */
async function soonAfter(stopping: AbortSignal, task: Promise<void>): Promise<void> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const giveUpSoon = () => {
    timer = setTimeout(() => reject(new Error('the host stops, and no answer came')), SETTLE_GRACE_MS);
  };
  if (stopping.aborted) giveUpSoon();
  else stopping.addEventListener('abort', giveUpSoon, { once: true });
  try {
    await Promise.race([task, givenUp]);
  } finally {
    stopping.removeEventListener('abort', giveUpSoon);
    clearTimeout(timer);
  }
}
