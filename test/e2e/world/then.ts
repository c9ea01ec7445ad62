/** What must be so at some point of a scenario, read past the app: audit table, Azure ML, and the client's own answers. */
import { expect } from 'vitest';
import type { AnswerRecord } from '../../../local/traffic/answer-record.ts';
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import { deploymentNameOf, type ModelVersion } from '../../../src/domain/ids/names.ts';
import { isFinal, type Phase } from '../../../src/domain/rollout/phase.ts';
import { SLIPWAY_TAGS } from '../../../src/domain/rollout/tag-names.ts';
import { eventually } from './eventually.ts';
import type { Lane } from './given.ts';
import { readEndpoint, readTags } from './read-endpoint.ts';
import { type Trail, trailText } from './read-records.ts';
import type { World } from './start-world.ts';

const PHASE_LIMIT_MS = 75_000;
/** Answers that must have come after a change before the client is believed. */
const ENOUGH_ANSWERS = 20;

/** Resolves with the trail once the rollout has entered `phase`; fails when it ends elsewhere. */
export function thenReaches(world: World, rolloutId: string, phase: Phase): Promise<Trail> {
  return thenTrailHas(world, rolloutId, `${rolloutId} is ${phase}`, (record) => record.phase === phase);
}

/** Resolves with the trail once it has such a record; fails when the rollout ends without one. */
export function thenTrailHas(
  world: World,
  rolloutId: string,
  what: string,
  isWanted: (record: RolloutRecord) => boolean,
): Promise<Trail> {
  return eventually({
    what,
    read: () => world.records.trail(rolloutId),
    isDone: (trail) => trail.some(isWanted),
    isHopeless: (trail) => isFinal(trail.at(-1)?.phase ?? 'queued'),
    explain: (trail) => trailText(trail ?? []),
    limitMs: PHASE_LIMIT_MS,
  });
}

/** Green has everything, blue is gone, and the version says so. */
export async function thenIsPromoted(world: World, lane: Lane, version: string, rolloutId: string): Promise<Trail> {
  const trail = await thenReaches(world, rolloutId, 'promoted');
  const green = deploymentNameOf(lane.model, version as ModelVersion);
  await thenServesAlone(world, lane, green, trail);
  await thenIsTagged(world, lane, version, 'live', rolloutId);
  return trail;
}

/** The split from before the rollout is back, green is gone, and the version is rejected. */
export async function thenIsRolledBack(world: World, lane: Lane, version: string, rolloutId: string): Promise<Trail> {
  const trail = await thenReaches(world, rolloutId, 'rolled-back');
  await thenServesAlone(world, lane, lane.blue, trail);
  await thenIsTagged(world, lane, version, 'rejected', rolloutId);
  return trail;
}

/** In Azure ML's words and in the answers that the client gets from now on. */
async function thenServesAlone(world: World, lane: Lane, deployment: string, trail: Trail): Promise<void> {
  const { traffic, mirror, deployments } = await readEndpoint(world.arm, lane.endpoint);
  const wanted = { traffic: { [deployment]: 100 }, mirror: {}, deployments: [deployment] };
  expect({ traffic, mirror, deployments }, trailText(trail)).toEqual(wanted);
  const sinceMs = Date.now();
  const answers = await eventually({
    what: `the client of ${lane.endpoint} gets ${ENOUGH_ANSWERS} answers`,
    read: async () => lane.client.records(sinceMs),
    isDone: ({ length }) => length >= ENOUGH_ANSWERS,
  });
  expect([...new Set(answers.map((answer) => answer.deployment))], trailText(trail)).toEqual([deployment]);
}

export async function thenIsTagged(
  world: World,
  { model }: Lane,
  version: string,
  status: string,
  rolloutId: string,
): Promise<void> {
  await eventually({
    what: `version ${version} of ${model} is tagged ${status} by ${rolloutId}`,
    read: () => readTags(world.arm, model, version),
    isDone: (tags) => tags[SLIPWAY_TAGS.status] === status && tags[SLIPWAY_TAGS.rollout] === rolloutId,
  });
}

export function thenTheClientSawNoFailure({ client, endpoint }: Lane): void {
  const failed = client.records().filter(({ status }) => status !== 200);
  expect(failed.slice(0, 10).map(failureText), `${failed.length} failed requests to ${endpoint}`).toEqual([]);
}

/** How many of the client's answers came from another deployment than version 1's. */
export function answersOfCandidates({ client, blue }: Lane): number {
  return client.records().filter(({ deployment }) => deployment !== blue).length;
}

function failureText({ dueAtMs, status, deployment, latencyMs }: AnswerRecord): string {
  return `${new Date(dueAtMs).toISOString()} ${status} from '${deployment}' after ${Math.round(latencyMs)} ms`;
}
