/** Registers a scenario's version and watches, from outside the app, what becomes of it. */

import { sleep, systemClock } from '../../emulator/clock.ts';
import type { AnswerRecord } from '../../traffic/answer-record.ts';
import type { AuditEntry } from '../azure/read-audit.ts';
import { readEndpoint, readVersionTags } from '../azure/read-endpoint.ts';
import { registerVersion } from '../azure/register-version.ts';
import { isFinal, type Outcome, readOutcome, sentenceOf } from './outcome.ts';
import type { DemoContext, Observed, Scenario } from './scenario.ts';

const LOOK_MS = 500;
const MAX_SCENARIO_MS = 240_000;
/** Reads of an endpoint may be stale for a moment after the last write: longer than that no difference is excused. */
const MAX_STALE_MS = 6000;
/** Answers from before the registration that say what is usual. */
const USUAL_MS = 15_000;

/** Resolves when the audit log shows a final phase, or with what was seen when time is up. */
export async function runScenario(scenario: Scenario, context: DemoContext): Promise<Observed> {
  const { arm, traffic, trained } = context;
  const { version } = scenario;
  const startedAtMs = Date.now();
  const before = await readEndpoint(arm);
  const usualP95Ms = traffic.stats(startedAtMs - USUAL_MS).all.p95Ms ?? 0;
  const checks: string[] = [];
  if (scenario.replay !== undefined) {
    traffic.replay(await context.replayRows(scenario.replay));
    context.say(`Clients now send ${scenario.replay}.jsonl`);
  }
  if (scenario.begin) await scenario.begin(context, checks);
  else await registerVersion(arm, trained, version);
  const interfere = scenario.interfere?.(context, checks);
  const audit = await watch(scenario, context, interfere).finally(() => scenario.end?.(context));
  const outcome = await readSettled(scenario, context, audit);
  const known = new Set(before.deployments.map(({ name }) => name));
  const ofGreen = traffic
    .records(startedAtMs)
    .filter((answer) => answer.deployment !== '' && !known.has(answer.deployment));
  const isBad = scenario.isBadAnswer ?? ((answer: AnswerRecord) => answer.status !== 200);
  const last = audit.at(-1);
  const endedAtMs = last ? Date.parse(last.atIso) : Date.now();
  return {
    outcome,
    checks,
    secondsToOutcome: Math.round((endedAtMs - startedAtMs) / 100) / 10,
    clientFailures: traffic.stats(startedAtMs).all.errors,
    badRequestsServed: ofGreen.filter((answer) => isBad(answer, usualP95Ms)).length,
    reason: last?.reason ?? 'The app wrote nothing about this version.',
  };
}

async function readSettled(scenario: Scenario, { arm }: DemoContext, audit: readonly AuditEntry[]): Promise<Outcome> {
  const deadlineMs = Date.now() + MAX_STALE_MS;
  for (;;) {
    const [endpoint, tags] = await Promise.all([readEndpoint(arm), readVersionTags(arm, scenario.version)]);
    const outcome = readOutcome(endpoint, tags, audit);
    if (sentenceOf(outcome) === sentenceOf(scenario.expected) || Date.now() > deadlineMs) return outcome;
    await sleep(systemClock, LOOK_MS);
  }
}

async function watch(
  { version }: Scenario,
  { audit: read }: DemoContext,
  interfere: ReturnType<NonNullable<Scenario['interfere']>> | undefined,
) {
  const deadlineMs = Date.now() + MAX_SCENARIO_MS;
  let audit = await read(version);
  while (!isFinal(audit) && Date.now() < deadlineMs) {
    await interfere?.(audit);
    await sleep(systemClock, LOOK_MS);
    audit = await read(version);
  }
  return audit;
}
