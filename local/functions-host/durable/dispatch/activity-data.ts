/** Values of activities on their way in and out, converted as the extension does it for Node apps. */
import { z } from 'zod';
import type { InvocationOutcome, RpcTypedData } from '../../seams/invocation.ts';
import type { FailureDetails, HistoryEvent } from '../engine/history-event.ts';
import { wireTime } from '../engine/wire-time.ts';
import type { ActivityMessage } from '../store/message.ts';

export type ActivityAnswer =
  | { readonly ok: true; readonly result: string | null }
  | { readonly ok: false; readonly message: string };

/** The single element of the input array as the trigger sees it; a boolean becomes .NET text, as in Azure. */
export function activityInput(input: string): RpcTypedData {
  const [value] = z.tuple([z.unknown()]).parse(JSON.parse(input));
  if (value === null || value === undefined) return {};
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' };
  return { string: JSON.stringify(value) };
}

export function activityAnswer(outcome: InvocationOutcome): ActivityAnswer {
  if (!outcome.ok) return { ok: false, message: outcome.message };
  return { ok: true, result: resultText(outcome.returnValue) };
}

function resultText(value: RpcTypedData | undefined): string | null {
  if (value?.string !== undefined) return JSON.stringify(value.string);
  if (value?.json !== undefined) return value.json;
  if (value?.bytes !== undefined) return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  const number = value?.int ?? value?.double;
  return number === undefined ? null : String(number);
}

export function answerEvent(activity: ActivityMessage, answer: ActivityAnswer, nowMs: number): HistoryEvent {
  const common = { EventId: -1, Timestamp: wireTime(nowMs), TaskScheduledId: activity.taskId };
  if (answer.ok) return { ...common, EventType: 'TaskCompleted', Result: answer.result };
  return {
    ...common,
    EventType: 'TaskFailed',
    // Two blanks: the host's own prefix ends in one and the worker's exception text begins with one.
    Reason: `Activity function '${activity.name}' failed:  ${answer.message}`,
    Details: JSON.stringify({
      $type: 'System.Exception, System.Private.CoreLib',
      ClassName: 'System.Exception',
      Message: ` ${answer.message}`,
    }),
    FailureDetails: failureDetails(answer.message),
  };
}

const providerErrorSchema = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  isNonRetriable: z.boolean(),
  properties: z.record(z.string(), z.unknown()),
  stackTrace: z.string().optional(),
});

/** The message is JSON of this shape only when the app has an exception properties provider. */
function failureDetails(message: string): FailureDetails | null {
  if (!message.startsWith('{')) return null;
  try {
    const read = providerErrorSchema.safeParse(JSON.parse(message));
    if (!read.success) return null;
    const { errorType, errorMessage, isNonRetriable, properties, stackTrace } = read.data;
    return {
      ErrorType: errorType,
      ErrorMessage: errorMessage,
      StackTrace: stackTrace ?? null,
      IsNonRetriable: isNonRetriable,
      Properties: properties,
      InnerFailure: null,
    };
  } catch {
    return null;
  }
}
