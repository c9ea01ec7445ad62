/** The actions and the state that the SDK returns for one turn (`durable-functions` 3.5.0 `actions/`, schemas V2 to V4). */
import { z } from 'zod';

/** What the SDK and the Durable extension call each number (`ActionType` and `AsyncActionType`). */
export const ACTION = {
  callActivity: 0,
  callActivityWithRetry: 1,
  callSubOrchestrator: 2,
  callSubOrchestratorWithRetry: 3,
  continueAsNew: 4,
  createTimer: 5,
  waitForExternalEvent: 6,
  callEntity: 7,
  callHttp: 8,
  signalEntity: 9,
  signalEntityLater: 10,
  whenAny: 11,
  whenAll: 12,
  lockEntities: 13,
  releaseEntities: 14,
} as const;

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
  z.object({ actionType: z.literal(ACTION.callActivity), ...activity }),
  z.object({ actionType: z.literal(ACTION.callActivityWithRetry), ...activity, ...retry }),
  z.object({ actionType: z.literal(ACTION.callSubOrchestrator), ...subOrchestration }),
  z.object({ actionType: z.literal(ACTION.callSubOrchestratorWithRetry), ...subOrchestration, ...retry }),
  z.object({ actionType: z.literal(ACTION.continueAsNew), input }),
  z.object({ actionType: z.literal(ACTION.createTimer), fireAt: z.string(), isCanceled: z.boolean().default(false) }),
  z.object({ actionType: z.literal(ACTION.waitForExternalEvent), externalEventName: z.string() }),
  z.object({ actionType: z.literal(ACTION.callEntity), ...entityCall }),
  z.object({ actionType: z.literal(ACTION.callHttp), httpRequest: httpRequestSchema }),
  z.object({ actionType: z.literal(ACTION.signalEntity), ...entityCall }),
  z.object({ actionType: z.literal(ACTION.signalEntityLater), ...entityCall, fireAt: z.string() }),
  z.object({
    actionType: z.literal(ACTION.lockEntities),
    lockRequestId: z.string(),
    lockSet: z.array(z.object({ name: z.string(), key: z.string() })).min(1),
  }),
  z.object({ actionType: z.literal(ACTION.releaseEntities) }),
]);

export type SimpleAction = z.infer<typeof simpleActionSchema>;
type Compound = typeof ACTION.whenAny | typeof ACTION.whenAll;
export type Action = SimpleAction | { actionType: Compound; compoundActions: Action[] };
export type ActionOf<Name extends keyof typeof ACTION> = Extract<Action, { actionType: (typeof ACTION)[Name] }>;
export type RetryOptions = z.infer<typeof retryOptionsSchema>;
export type HttpRequestAction = z.infer<typeof httpRequestSchema>;

const actionSchema: z.ZodType<Action> = z.lazy(() =>
  z.union([
    simpleActionSchema,
    z.object({
      actionType: z.union([z.literal(ACTION.whenAny), z.literal(ACTION.whenAll)]),
      compoundActions: z.array(actionSchema),
    }),
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
