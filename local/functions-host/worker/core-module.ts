/** The `@azure/functions-core` module that the app's library finds: the whole surface of the Node.js worker v3. */
import Module from 'node:module';
import type { AppLog } from './app-log.ts';
import type {
  CoreFunctionMetadata,
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  ProgrammingModel,
} from './core-types.ts';
import { Disposable } from './disposable.ts';
import type { FunctionRegistry } from './function-registry.ts';
import type { HookCallback, HookRegistry } from './hooks.ts';

const CORE_MODULE = '@azure/functions-core';
/** What the emulated worker and host call themselves. Log hooks came with host 4.34. */
export const WORKER_VERSION = '3.13.0';
export const HOST_VERSION = '4.1045.0';

export interface CoreModuleParts {
  readonly registry: FunctionRegistry;
  readonly hooks: HookRegistry;
  readonly log: AppLog;
}

export interface CoreModule {
  getProgrammingModel(): ProgrammingModel | undefined;
}

export function createCoreModule({ registry, hooks, log }: CoreModuleParts): CoreModule {
  let programmingModel: ProgrammingModel | undefined;
  return {
    version: WORKER_VERSION,
    get hostVersion() {
      return HOST_VERSION;
    },
    registerFunction: (metadata: CoreFunctionMetadata, callback: FunctionCallback) =>
      registry.register(metadata, callback),
    registerHook: (name: string, callback: HookCallback) => hooks.register(name, callback),
    setProgrammingModel: (model: ProgrammingModel) => {
      programmingModel = model;
    },
    getProgrammingModel: () => programmingModel,
    log: (level: CoreLogLevel, category: CoreLogCategory, message: string) => log({ level, category, message }),
    Disposable,
  } as CoreModule;
}

type ModuleLoad = (this: unknown, request: string, ...rest: unknown[]) => unknown;

/**
 * Answers `require('@azure/functions-core')` with `core` from now on. It must happen before the app is loaded: the
 * library remembers a first failure for good. The returned object takes the hook away again.
 */
export function provideCoreModule(core: CoreModule): Disposable {
  const loader = Module as unknown as { _load: ModuleLoad };
  const original = loader._load;
  loader._load = function load(request, ...rest) {
    return request === CORE_MODULE ? core : original.call(this, request, ...rest);
  };
  return new Disposable(() => {
    loader._load = original;
  });
}
