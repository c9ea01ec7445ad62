/** State and messages of an entity's own loop, as the extension writes them. */
import { z } from 'zod';

const lockEntrySchema = z.object({ name: z.string(), key: z.string() });

/** An operation, or with a `lockset` a request to lock. */
const requestSchema = z.object({
  op: z.string().optional(),
  signal: z.boolean().optional(),
  input: z.string().nullish(),
  id: z.string(),
  parent: z.string().nullish(),
  parentExecution: z.string().nullish(),
  lockset: z.array(lockEntrySchema).optional(),
  pos: z.int().optional(),
});
const releaseSchema = z.object({ parent: z.string().nullish(), id: z.string().nullish() });

const schedulerStateSchema = z.object({
  exists: z.boolean(),
  state: z.string().nullish(),
  queue: z.array(requestSchema).nullish(),
  lockedBy: z.string().nullish(),
  suspended: z.boolean().nullish(),
});

export type EntityRequest = z.infer<typeof requestSchema>;

export interface EntityState {
  readonly exists: boolean;
  /** JSON text. */
  readonly state: string | null;
  /** Requests that wait for the lock's release. */
  readonly queue: readonly EntityRequest[];
  readonly lockedBy: string | null;
}

export const NEW_ENTITY: EntityState = { exists: false, state: null, queue: [], lockedBy: null };

export function parseEntityState(text: string | null): EntityState {
  const read = schedulerStateSchema.parse(JSON.parse(text ?? 'null'));
  return { exists: read.exists, state: read.state ?? null, queue: read.queue ?? [], lockedBy: read.lockedBy ?? null };
}

export function entityStateText(state: EntityState): string {
  return JSON.stringify({ ...state, suspended: false });
}

/** Custom status of an entity's instance: what can be shown without reading its state (DurableTask.Core `EntityStatus`). */
export function entityStatusJson({ exists, queue, lockedBy }: EntityState): string {
  return JSON.stringify({
    ...(exists ? { entityExists: true } : {}),
    ...(queue.length > 0 ? { queueSize: queue.length } : {}),
    ...(lockedBy === null ? {} : { lockedBy }),
  });
}

export type EntityMessage =
  | { readonly kind: 'request'; readonly request: EntityRequest }
  | { readonly kind: 'release'; readonly owner: string | null };

/** Reads an `op`, `op@<time>` or `release` event; undefined for anything else, which an entity ignores. */
export function parseEntityMessage(name: string, input: string | null): EntityMessage | undefined {
  const isRelease = name === 'release';
  if (!isRelease && name !== 'op' && !name.startsWith('op@')) return undefined;
  const content = parseJson(input);
  if (isRelease) {
    const release = releaseSchema.safeParse(content);
    return release.success ? { kind: 'release', owner: release.data.parent ?? null } : undefined;
  }
  const request = requestSchema.safeParse(content);
  return request.success ? { kind: 'request', request: request.data } : undefined;
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
