/** Runs one function of the loaded app: arguments, hooks, the function, its answer, within the time limit. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../emulator/clock.ts';
import type { OutputWriter } from '../outputs/output-writer.ts';
import type { HostLog } from '../seams/host-log.ts';
import type {
  Binding,
  FunctionDefinition,
  FunctionInvoker,
  InvocationOutcome,
  InvocationRequest,
  RpcTypedData,
} from '../seams/invocation.ts';
import type { CoreInvocationContext, CoreInvocationRequest, CoreInvocationResponse } from './core-types.ts';
import type { RegisteredFunction } from './function-registry.ts';
import type { LoadedApp } from './load-app.ts';
import { describeThrown } from './thrown-error.ts';

/** Fills an `in` binding other than the trigger, for example the durable client. */
export type InputProvider = (binding: Binding) => RpcTypedData;

export interface WorkerRequest extends InvocationRequest {
  /** A streamed request is matched to its invocation by this id. */
  readonly invocationId?: string;
}

/** `returnedNothing`: the handler returned undefined or null, so a streamed answer will never come. */
export type WorkerOutcome = InvocationOutcome & { readonly returnedNothing: boolean };

export interface WorkerInvoker extends FunctionInvoker {
  invoke(request: WorkerRequest): Promise<WorkerOutcome>;
}

export interface InvokerOptions {
  readonly app: LoadedApp;
  /** The enabled functions with their bindings resolved. */
  readonly definitions: readonly FunctionDefinition[];
  readonly inputProviders: ReadonlyMap<string, InputProvider>;
  readonly writeOutputs: OutputWriter;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  readonly log: HostLog;
}

export function createInvoker(options: InvokerOptions): WorkerInvoker {
  return {
    functions: () => options.definitions,
    async invoke(request) {
      const definition = options.definitions.find((one) => sameName(one.name, request.functionName));
      const registered = definition && options.app.registry.find(definition.name);
      if (!definition || !registered) return failure(new Error(`There is no function '${request.functionName}'.`));
      const invocationId = request.invocationId ?? randomUUID();
      const startedAtMs = options.clock.nowMs();
      const outcome = await runWithinLimit(options, registered, definition, request, invocationId);
      const took = `Id=${invocationId}, Duration=${options.clock.nowMs() - startedAtMs}ms`;
      if (outcome.ok) options.log('debug', `Executed 'Functions.${definition.name}' (Succeeded, ${took})`);
      else logFailure(options.log, definition, took, outcome);
      return outcome;
    },
  };
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function failure(thrown: unknown): WorkerOutcome {
  return { ok: false, ...describeThrown(thrown), returnedNothing: false };
}

/** Orchestrators fail by throwing their state; the durable engine reports those with the reason taken out of it. */
function logFailure(
  log: HostLog,
  definition: FunctionDefinition,
  took: string,
  outcome: { message: string; stack: string },
) {
  const isOrchestrator = Object.values(definition.bindings).some(({ type }) => type === 'orchestrationTrigger');
  const text = outcome.stack.includes(outcome.message) ? outcome.stack : `${outcome.message}\n${outcome.stack}`.trim();
  log(isOrchestrator ? 'debug' : 'error', `Executed 'Functions.${definition.name}' (Failed, ${took})\n${text}`);
}

/** A function that overruns goes on running, as nothing can stop it in-process; its answer is dropped. */
function runWithinLimit(
  options: InvokerOptions,
  registered: RegisteredFunction,
  definition: FunctionDefinition,
  request: WorkerRequest,
  invocationId: string,
): Promise<WorkerOutcome> {
  const run = runFunction(options, registered, definition, request, invocationId).catch(failure);
  const { timeoutMs } = options;
  if (timeoutMs === undefined) return run;
  return new Promise((resolve) => {
    const cancel = options.clock.after(timeoutMs, () => {
      const name = `'Functions.${definition.name}' (Id: '${invocationId}')`;
      resolve(failure(new Error(`Timeout value of ${timeoutMs} ms exceeded by function ${name}.`)));
    });
    run.then((outcome) => {
      cancel();
      resolve(outcome);
    });
  });
}

async function runFunction(
  options: InvokerOptions,
  registered: RegisteredFunction,
  definition: FunctionDefinition,
  request: WorkerRequest,
  invocationId: string,
): Promise<WorkerOutcome> {
  const { app } = options;
  const logged: { invocationContext: unknown } = { invocationContext: undefined };
  const core: CoreInvocationContext = {
    invocationId,
    request: toCoreRequest(definition, request, invocationId, options.inputProviders),
    metadata: registered.metadata,
    state: undefined,
    log: (level, category, message) => app.log({ level, category, message, functionName: definition.name, ...logged }),
  };
  const model = app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  logged.invocationContext = context;
  const shared = { hookData: {}, appHookData: app.hooks.appHookData, invocationContext: context };
  const before = { ...shared, inputs, functionCallback: registered.callback };
  await during(core, 'preInvocationHooks', () => app.hooks.run('preInvocation', before));
  const after = { ...before, result: null as unknown, error: null as unknown };
  try {
    after.result = await during(core, 'invocation', () =>
      model.invokeFunction(context, before.inputs, before.functionCallback),
    );
  } catch (thrown) {
    after.error = thrown ?? new Error('Unknown error');
  }
  await during(core, 'postInvocationHooks', () => app.hooks.run('postInvocation', after));
  if (after.error !== null && after.error !== undefined) throw after.error;
  const outcome = toOutcome(await model.getResponse(context, after.result), after.result);
  await options.writeOutputs(definition, outcome);
  return outcome;
}

async function during<T>(
  core: CoreInvocationContext,
  state: NonNullable<CoreInvocationContext['state']>,
  task: () => Promise<T>,
): Promise<T> {
  core.state = state;
  try {
    return await task();
  } finally {
    core.state = undefined;
  }
}

function toCoreRequest(
  definition: FunctionDefinition,
  request: WorkerRequest,
  invocationId: string,
  providers: ReadonlyMap<string, InputProvider>,
): CoreInvocationRequest {
  const inputs = Object.entries(definition.bindings).filter(([, binding]) => binding.direction === 'in');
  const trigger = inputs.filter(([, { type }]) => isTrigger(type)).map(([name]) => ({ name, data: request.trigger }));
  const others = inputs
    .filter(([, { type }]) => !isTrigger(type))
    .map(([name, binding]) => ({ name, data: providers.get(binding.type)?.(binding) ?? {} }));
  return {
    invocationId,
    functionId: definition.name,
    inputData: [...trigger, ...others],
    triggerMetadata: request.triggerMetadata ?? {},
    ...(request.retryContext ? { retryContext: request.retryContext } : {}),
  };
}

function isTrigger(type: string): boolean {
  return /trigger$/i.test(type);
}

function toOutcome(response: CoreInvocationResponse, result: unknown): Extract<WorkerOutcome, { ok: true }> {
  return {
    ok: true,
    returnValue: response.returnValue ?? undefined,
    outputs: Object.fromEntries((response.outputData ?? []).map(({ name, data }) => [name, data])),
    returnedNothing: result === undefined || result === null,
  };
}
