/** Keeps the app's hooks; they run in the order of registration, each awaited, except `log`, which is synchronous. */
import { systemError } from './core-types.ts';
import { Disposable } from './disposable.ts';

export const HOOK_NAMES = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
export type HookName = (typeof HOOK_NAMES)[number];
export type HookCallback = (context: object) => unknown;

export class HookRegistry {
  /** Shared by every hook of the app (`appHookData`). */
  readonly appHookData: Record<string, unknown> = {};
  readonly #callbacks = new Map<HookName, HookCallback[]>();

  register(name: string, callback: HookCallback): Disposable {
    const known = HOOK_NAMES.find((hook) => hook === name);
    if (!known) throw systemError(new RangeError(`Unknown hook "${name}". Known hooks: ${HOOK_NAMES.join(', ')}.`));
    const callbacks = this.#callbacks.get(known) ?? [];
    this.#callbacks.set(known, callbacks);
    callbacks.push(callback);
    return new Disposable(() => {
      const index = callbacks.indexOf(callback);
      if (index >= 0) callbacks.splice(index, 1);
    });
  }

  /** Rejects with the first error of a hook; later hooks then do not run. */
  async run(name: Exclude<HookName, 'log'>, context: object): Promise<void> {
    for (const callback of [...(this.#callbacks.get(name) ?? [])]) await callback(context);
  }

  /** Lets log hooks change the entry; what a log hook throws is the logging app's to see. */
  runLog(context: object): void {
    for (const callback of [...(this.#callbacks.get('log') ?? [])]) callback(context);
  }
}
