/** What people, Azure and attackers do in a scenario. */
import { type ModelVersion, type RolloutId, rolloutIdOf } from '../../../src/domain/ids/names.ts';
import type { Reply } from './app-api.ts';
import { type Lane, registerVersion } from './given.ts';
import type { World } from './start-world.ts';

/** Returns the id that the version's first rollout has; the model is version 1's unless given. */
export async function whenVersionIsRegistered(
  world: World,
  lane: Lane,
  version: string,
  modelUri = world.modelUri,
): Promise<RolloutId> {
  await registerVersion(world, lane.model, version, {}, modelUri);
  return idOf(lane, version, 1);
}

export function idOf({ endpoint, model }: Lane, version: string, attempt: number): RolloutId {
  return rolloutIdOf({ endpoint, model, version: version as ModelVersion, attempt });
}

/** Throws unless the app takes it. */
export async function whenOperatorRetries(world: World, rolloutId: string): Promise<RolloutId> {
  const reply = await accepted(world.api.operate('POST', `/api/rollouts/${rolloutId}/retry`));
  return reply.body?.rolloutId as RolloutId;
}

/** Throws unless the app takes it. */
export async function whenOperatorAborts(world: World, rolloutId: string, reason: string): Promise<void> {
  await accepted(world.api.operate('POST', `/api/rollouts/${rolloutId}/commands/abort`, { reason }));
}

/** Throws unless the app takes it. */
export async function whenOperatorResumes(world: World, rolloutId: string, reason: string): Promise<void> {
  await accepted(world.api.operate('POST', `/api/rollouts/${rolloutId}/commands/resume`, { reason }));
}

/** The next traffic write of the endpoint takes this long, and every other write is refused meanwhile. */
export function whenTheNextTrafficWriteTakes(world: World, lane: Lane, delayMs: number): void {
  const match = `^PUT .*/onlineEndpoints/${lane.endpoint}(\\?|$)`;
  world.stack.services.azureMl.operations.orders.add({ match, delayMs });
}

/** Nothing of the host has a chance to finish; it is back when this resolves. */
export async function whenTheHostIsKilledAndRestarted({ stack }: World): Promise<void> {
  if (!stack.host) throw new Error('This stack has no Functions host.');
  await stack.host.kill('SIGKILL');
  await stack.host.restart();
}

async function accepted(call: Promise<Reply>): Promise<Reply> {
  const reply = await call;
  if (reply.status === 202) return reply;
  throw new Error(`The app answered ${reply.status}: ${reply.text}`);
}
