/** Keeps what the app registers while it loads; afterwards nothing can be added. */
import { z } from 'zod';
import { type CoreFunctionMetadata, type FunctionCallback, systemError } from './core-types.ts';
import { Disposable } from './disposable.ts';

/** As the Functions host checks names: a letter, then up to 127 letters, digits, dashes and underscores. */
const NAME = /^[a-z][a-z0-9_-]{0,127}$/i;

const metadataSchema = z.looseObject({
  name: z.string().regex(NAME, 'A function name starts with a letter, then letters, digits, "-" and "_" (128 at most)'),
  bindings: z.record(z.string(), z.looseObject({ type: z.string(), direction: z.enum(['in', 'out']) })),
});

export interface RegisteredFunction {
  readonly metadata: CoreFunctionMetadata;
  readonly callback: FunctionCallback;
  /** The app file whose loading registered it. */
  readonly file: string | undefined;
}

export class FunctionRegistry {
  readonly #functions = new Map<string, RegisteredFunction>();
  /** The app file that is being loaded. */
  loadingFile: string | undefined;
  #locked = false;

  register(metadata: CoreFunctionMetadata, callback: FunctionCallback): Disposable {
    if (this.#locked) throw systemError(new Error('A function can only be registered during app startup.'));
    const checked = metadataSchema.safeParse(metadata);
    if (!checked.success) {
      throw systemError(new Error(`Function "${metadata?.name}" is not valid: ${z.prettifyError(checked.error)}`));
    }
    const id = (metadata.functionId ?? metadata.name).toLowerCase();
    if (this.#functions.has(id)) {
      throw systemError(new Error(`A function with id "${metadata.name}" has already been registered.`));
    }
    this.#functions.set(id, { metadata, callback, file: this.loadingFile });
    return new Disposable(() => {
      if (this.#locked) throw systemError(new Error('A function can only be disposed during app startup.'));
      this.#functions.delete(id);
    });
  }

  lock(): void {
    this.#locked = true;
  }

  /** Sorted by name ignoring case, the order in which the real host tries their routes. */
  all(): readonly RegisteredFunction[] {
    return [...this.#functions.values()].sort((left, right) =>
      compareOrdinal(left.metadata.name.toUpperCase(), right.metadata.name.toUpperCase()),
    );
  }

  /** Function names compare ignoring case. */
  find(name: string): RegisteredFunction | undefined {
    const wanted = name.toLowerCase();
    return [...this.#functions.values()].find(({ metadata }) => metadata.name.toLowerCase() === wanted);
  }
}

function compareOrdinal(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
