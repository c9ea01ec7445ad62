/** Brings a story's version and watches, from outside the app, what becomes of it. */
import { sleep, systemClock } from '../../local/emulator/clock.ts';
import type { AnswerRecord } from '../../local/traffic/answer-record.ts';
import type { AuditEntry } from '../azure/read-audit.ts';
import { readEndpoint, readVersionTags } from '../azure/read-endpoint.ts';
import { nextVersion, registerVersion } from '../azure/register-version.ts';
import { isFinal, type Outcome, readOutcome, sentenceOf } from './outcome.ts';
import type { Beginning, DemoContext, Interference, Observed, RolloutStory, StoryRun } from './story.ts';

const LOOK_MS = 500;
const MAX_STORY_MS = 480_000;
/** Reads of an endpoint may be stale for a moment after the last write: longer than that no difference is excused. */
const MAX_STALE_MS = 6000;
/** Answers from before the story that say what is usual. */
const USUAL_MS = 15_000;

/** Resolves when the audit log shows a final phase, or with what was seen when time is up. */
export async function runStory(story: RolloutStory, beginning: Beginning, context: DemoContext): Promise<Observed> {
  const { arm, traffic } = context;
  const startedAtMs = Date.now();
  const before = await readEndpoint(arm);
  const usualP95Ms = traffic.stats(startedAtMs - USUAL_MS).all.p95Ms ?? 0;
  const run: StoryRun = { ...beginning, checks: [] };
  if (story.replay !== undefined) await context.clients.send(story.replay);
  await bringVersion(story, run, context);
  const audit = await watch(run, context, story.interfere?.(context, run)).finally(() => story.end?.(context));
  const expected = story.expected(beginning);
  const outcome = await readSettled(expected.outcome, run, context, audit);
  const known = new Set(before.deployments.map(({ name }) => name));
  const ofGreen = traffic
    .records(startedAtMs)
    .filter((answer) => answer.deployment !== '' && !known.has(answer.deployment));
  const isBad = story.isBadAnswer ?? ((answer: AnswerRecord) => answer.status !== 200);
  const last = audit.at(-1);
  const endedAtMs = last ? Date.parse(last.atIso) : Date.now();
  return {
    expected,
    outcome,
    checks: run.checks,
    secondsToOutcome: Math.round((endedAtMs - startedAtMs) / 100) / 10,
    clientFailures: traffic.stats(startedAtMs).all.errors,
    badRequestsServed: ofGreen.filter((answer) => isBad(answer, usualP95Ms)).length,
    reason: last?.reason ?? 'The app wrote nothing about this version.',
  };
}

/** The version that serves, and the number that the next one gets. */
export async function readBeginning({ arm }: DemoContext): Promise<Beginning> {
  const { deployments, traffic } = await readEndpoint(arm);
  const champion = deployments.find(({ name }) => traffic[name] === 100)?.modelVersion;
  if (champion === undefined) throw new Error('No version serves all traffic: the story before left something behind.');
  return { champion, version: await nextVersion(arm) };
}

async function bringVersion(story: RolloutStory, run: StoryRun, context: DemoContext): Promise<void> {
  if (story.begin) return story.begin(context, run);
  if (story.model === undefined) throw new Error(`The story ${story.name} brings no version.`);
  await registerVersion(context.arm, context.trained, { version: run.version, model: story.model });
}

async function readSettled(
  expected: Outcome,
  { version }: StoryRun,
  { arm }: DemoContext,
  audit: readonly AuditEntry[],
): Promise<Outcome> {
  const deadlineMs = Date.now() + MAX_STALE_MS;
  for (;;) {
    const [endpoint, tags] = await Promise.all([readEndpoint(arm), readVersionTags(arm, version)]);
    const outcome = readOutcome(endpoint, tags, audit);
    if (sentenceOf(outcome) === sentenceOf(expected) || Date.now() > deadlineMs) return outcome;
    await sleep(systemClock, LOOK_MS);
  }
}

async function watch({ version }: StoryRun, { audit: read }: DemoContext, interfere: Interference | undefined) {
  const deadlineMs = Date.now() + MAX_STORY_MS;
  let audit = await read(version);
  while (!isFinal(audit) && Date.now() < deadlineMs) {
    await interfere?.(audit);
    await sleep(systemClock, LOOK_MS);
    audit = await read(version);
  }
  return audit;
}
