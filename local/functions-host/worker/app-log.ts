/** Carries log entries of the app and its library to the host's log, past the app's `log` hooks. */
import type { HostLog, HostLogLevel } from '../seams/host-log.ts';
import type { CoreLogCategory, CoreLogLevel } from './core-types.ts';
import type { HookRegistry } from './hooks.ts';

export interface AppLogEntry {
  readonly level: CoreLogLevel;
  readonly category: CoreLogCategory;
  readonly message: string;
  readonly functionName?: string | undefined;
  readonly invocationContext?: unknown;
}

export type AppLog = (entry: AppLogEntry) => void;

const HOST_LEVEL: Readonly<Record<CoreLogLevel, HostLogLevel | undefined>> = {
  trace: 'debug',
  debug: 'debug',
  information: 'information',
  warning: 'warning',
  error: 'error',
  critical: 'error',
  none: undefined,
};

export function createAppLog(hooks: HookRegistry, log: HostLog): AppLog {
  let inHook = false;
  return (entry) => {
    const context = {
      level: entry.level,
      message: entry.message,
      category: entry.category,
      hookData: {},
      appHookData: hooks.appHookData,
      invocationContext: entry.invocationContext,
    };
    // A hook that logs would otherwise call itself without end.
    if (!inHook) {
      inHook = true;
      try {
        hooks.runLog(context);
      } finally {
        inHook = false;
      }
    }
    const level = HOST_LEVEL[context.level];
    if (level) log(level, entry.functionName ? `[${entry.functionName}] ${context.message}` : context.message);
  };
}
