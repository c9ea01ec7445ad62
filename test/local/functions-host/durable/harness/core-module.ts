/**
 * Loads the real `durable-functions` over a test-only `@azure/functions-core` and runs what it registers.
 * One vitest file is one process-wide app: the library keeps its state in the module.
 */
import Module, { createRequire } from 'node:module';
import type {
  FunctionDefinition,
  FunctionInvoker,
  InvocationOutcome,
  InvocationRequest,
  RpcTypedData,
} from '../../../../../local/functions-host/seams/invocation.ts';

interface Registered {
  readonly definition: FunctionDefinition;
  readonly callback: unknown;
}

interface ProgrammingModel {
  getInvocationModel(core: unknown): {
    getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], callback: unknown): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<{ returnValue?: RpcTypedData }>;
  };
}

const functions = new Map<string, Registered>();
let model: ProgrammingModel | undefined;

const core = {
  version: 'test',
  hostVersion: 'test',
  setProgrammingModel: (given: ProgrammingModel) => {
    model = given;
  },
  registerFunction: (definition: FunctionDefinition, callback: unknown) => {
    functions.set(definition.name, { definition, callback });
    return { dispose: () => functions.delete(definition.name) };
  },
  registerHook: () => ({ dispose: () => undefined }),
  log: () => undefined,
};

type Loader = (request: string, ...rest: unknown[]) => unknown;
const loader = Module as unknown as { _load: Loader };
const load = loader._load;
loader._load = function patched(this: unknown, request: string, ...rest: unknown[]) {
  return request === '@azure/functions-core' ? core : load.call(this, request, ...rest);
};

/** The real SDK, loaded after the core module is in place. */
export const df = createRequire(import.meta.url)('durable-functions') as typeof import('durable-functions');

/** Runs every function registered so far and later. */
export const sdkInvoker: FunctionInvoker = {
  functions: () => [...functions.values()].map(({ definition }) => definition),
  invoke: runFunction,
};

async function runFunction(request: InvocationRequest): Promise<InvocationOutcome> {
  const registered = functions.get(request.functionName);
  if (!registered || !model) throw new Error(`Function ${request.functionName} is not registered.`);
  const { definition, callback } = registered;
  const triggerName =
    Object.keys(definition.bindings).find((key) => definition.bindings[key]?.direction === 'in') ?? '';
  const invocation = model.getInvocationModel({
    invocationId: 'test',
    metadata: definition,
    log: () => undefined,
    request: {
      invocationId: 'test',
      inputData: [{ name: triggerName, data: request.trigger }],
      triggerMetadata: request.triggerMetadata ?? {},
    },
  });
  try {
    const { context, inputs } = await invocation.getArguments();
    const result = await invocation.invokeFunction(context, inputs, callback);
    const response = await invocation.getResponse(context, result);
    return { ok: true, returnValue: response.returnValue, outputs: {} };
  } catch (error) {
    const { message, stack } = error as Error;
    return { ok: false, message, stack: stack ?? '' };
  }
}
