/** What parsing answers at every boundary: the value, or all problems with their places. */
import type { z } from 'zod';

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly string[] };

/** `data.modelversion: Invalid input` for every issue. */
export function problemsOf(error: z.ZodError, root = ''): readonly string[] {
  return error.issues.map((issue) => `${pathOf([...(root ? [root] : []), ...issue.path])}: ${issue.message}`);
}

function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : `${text ? '.' : ''}${String(part)}`;
  return text || '(whole)';
}
