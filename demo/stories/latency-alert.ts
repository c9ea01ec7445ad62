/** Latency alerts in the time after the promotion: one about the new version alone, and one about both deployments. */
import type { ReplayRow } from '../../local/traffic/replay-rows.ts';
import type { AuditEntry } from '../azure/read-audit.ts';
import { ENDPOINT, rolloutIdOf } from '../azure/scenario-names.ts';
import { both, type DemoContext, type Interference, type StoryRun } from './story.ts';

/** Answers of this long ago say what is usual. */
const USUAL_MS = 15_000;
/** The rule fires at this many times the usual p95, and never below a latency that nobody would complain of. */
const FACTOR = 2;
const LEAST_THRESHOLD_MS = 50;

const WEATHER = ['temp', 'dewp', 'wind_speed', 'wind_dir', 'pressure', 'visib'];
/** One row in so many comes from a silenced station. */
const SILENCED = 5;
const UPLOAD_MS = 400;

export const PROMOTED = 'promotion by hand: 202';
export const HELD = ['alert about both: the rollout stands still', 'resume: 202'];

/**
 * An operator promotes the version by hand, without waiting for its steps. Once it has all traffic, a storm silences
 * weather stations: rows without weather are what it is slow at.
 */
export function stormAfterHaste(context: DemoContext, { version, checks }: StoryRun): Interference {
  const { app, traffic, clients, latencyRules, say } = context;
  const promote = once(isShadowing, async () => {
    const { status, code } = await app.command(rolloutIdOf(version), 'promote', 'The copies were answered well.');
    checks.push(`promotion by hand: ${[status, code].filter(Boolean).join(' ')}`);
    say(`Operator: ${checks.at(-1)}`);
  });
  const storm = once(isBaking, async () => {
    await latencyRules.put(ENDPOINT, thresholdOf(traffic));
    await clients.change(`A storm: one row in ${SILENCED} comes without weather now`, silenced);
  });
  return both(promote, storm);
}

/** Once the version has all traffic, clients send slowly, whichever deployment answers them; the operator looks and resumes. */
export function slowClientsInTheBake(
  { app, traffic, latencyRules, say }: DemoContext,
  { version, checks }: StoryRun,
): Interference {
  const slowDown = once(isBaking, async () => {
    await latencyRules.put(ENDPOINT, thresholdOf(traffic));
    traffic.slowUploads(UPLOAD_MS);
    say(`Clients are on a slow line now: a request takes ${UPLOAD_MS} ms to arrive`);
  });
  const resume = once(isHeldForBoth, async () => {
    checks.push('alert about both: the rollout stands still');
    traffic.slowUploads(0);
    await latencyRules.remove(ENDPOINT);
    const { status, code } = await app.command(rolloutIdOf(version), 'resume', 'The clients were slow, not the model.');
    checks.push(`resume: ${[status, code].filter(Boolean).join(' ')}`);
    say(`Operator: ${checks.at(-1)}`);
  });
  return both(slowDown, resume);
}

function once(isDue: (audit: readonly AuditEntry[]) => boolean, act: () => Promise<void>): Interference {
  let done = false;
  return async (audit) => {
    if (done || !isDue(audit)) return;
    done = true;
    await act();
  };
}

function isShadowing(audit: readonly AuditEntry[]): boolean {
  return audit.at(-1)?.phase === 'shadowing';
}

function isBaking(audit: readonly AuditEntry[]): boolean {
  return audit.at(-1)?.phase === 'baking';
}

function isHeldForBoth(audit: readonly AuditEntry[]): boolean {
  return audit.some(({ kind, reason }) => kind === 'operator-needed' && reason.includes('is slow as well'));
}

function thresholdOf(traffic: DemoContext['traffic']): number {
  const usualMs = traffic.stats(Date.now() - USUAL_MS).all.p95Ms ?? 0;
  return Math.max(LEAST_THRESHOLD_MS, Math.round(FACTOR * usualMs));
}

function silenced(row: ReplayRow, index: number): ReplayRow {
  if (index % SILENCED !== 0) return row;
  const missing = Object.fromEntries(WEATHER.map((name) => [name, null]));
  return { ...row, features: { ...row.features, ...missing } };
}
