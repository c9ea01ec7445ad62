/** The actions and the state that the SDK returns for one turn (`durable-functions` 3.5.0 `actions/`, schemas V2 to V4). */
import { z } from 'zod';

const retryOptionsSchema = z.object({
  firstRetryIntervalInMilliseconds: z.number(),
  maxNumberOfAttempts: z.number(),
  backoffCoefficient: z.number().nullish(),
  maxRetryIntervalInMilliseconds: z.number().nullish(),
  retryTimeoutInMilliseconds: z.number().nullish(),
});

const input = z.unknown().optional();
const activity = { functionName: z.string(), input };
const subOrchestration = { ...activity, instanceId: z.string().nullish(), version: z.string().nullish() };
const entityCall = { instanceId: z.string(), operation: z.string(), input };
const retry = { retryOptions: retryOptionsSchema };
const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

const httpRequestSchema = z.object({
  method: z.string(),
  uri: z.string(),
  content: z.unknown().optional(),
  headers: headers.nullish(),
  tokenSource: z.unknown().optional(),
  asynchronousPatternEnabled: z.boolean().default(true),
});

const simpleActionSchema = z.discriminatedUnion('actionType', [
  z.object({ actionType: z.literal(0), ...activity }),
  z.object({ actionType: z.literal(1), ...activity, ...retry }),
  z.object({ actionType: z.literal(2), ...subOrchestration }),
  z.object({ actionType: z.literal(3), ...subOrchestration, ...retry }),
  z.object({ actionType: z.literal(4), input }),
  z.object({ actionType: z.literal(5), fireAt: z.string(), isCanceled: z.boolean().default(false) }),
  z.object({ actionType: z.literal(6), externalEventName: z.string() }),
  z.object({ actionType: z.literal(7), ...entityCall }),
  z.object({ actionType: z.literal(8), httpRequest: httpRequestSchema }),
  z.object({ actionType: z.literal(9), ...entityCall }),
  z.object({ actionType: z.literal(10), ...entityCall, fireAt: z.string() }),
  z.object({
    actionType: z.literal(13),
    lockRequestId: z.string(),
    lockSet: z.array(z.object({ name: z.string(), key: z.string() })).min(1),
  }),
  z.object({ actionType: z.literal(14) }),
]);

export type SimpleAction = z.infer<typeof simpleActionSchema>;
export type Action = SimpleAction | { actionType: 11 | 12; compoundActions: Action[] };
export type ActionOf<T extends Action['actionType']> = Extract<Action, { actionType: T }>;
export type RetryOptions = z.infer<typeof retryOptionsSchema>;
export type HttpRequestAction = z.infer<typeof httpRequestSchema>;

const actionSchema: z.ZodType<Action> = z.lazy(() =>
  z.union([
    simpleActionSchema,
    z.object({ actionType: z.union([z.literal(11), z.literal(12)]), compoundActions: z.array(actionSchema) }),
  ]),
);

export const orchestratorStateSchema = z.object({
  isDone: z.boolean(),
  actions: z.array(z.array(actionSchema)),
  output: z.unknown().optional(),
  error: z.string().nullish(),
  customStatus: z.unknown().optional(),
  failureDetails: z.record(z.string(), z.unknown()).nullish(),
});

export type OrchestratorState = z.infer<typeof orchestratorStateSchema>;
