/** Many runs under fire: kills at seeded random moments, each run's end held against the undisturbed run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { startAzurite } from '../local/functions-host/durable/harness/azurite.ts';
import { type KillMoment, runStory, type StoryRun } from './run-story.ts';
import { seededRandom } from './seeded-random.ts';

/** A run takes at most so many kills, so that hosts die at early and at late moments of it alike. */
const KILLS_PER_RUN = 5;
/** Share of the kills that are counted from the start of the process, so that start and recovery are hit too. */
const SHARE_DURING_START = 0.35;

export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

export interface Campaign {
  readonly undisturbed: StoryRun;
  readonly kills: number;
  readonly runs: number;
  /** Activities that ran more than once because of a kill; allowed. */
  readonly repeatedActivities: number;
  /** One text per run that ended differently; must be empty. */
  readonly differences: readonly string[];
}

export async function runCampaign({ kills: wanted, seed, report }: CampaignOptions): Promise<Campaign> {
  const random = seededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-crash-'));
  const azurite = await startAzurite();
  const settings = (hubName: string) => ({
    hubName,
    connectionString: azurite.connectionString,
    activityLog: join(folder, `${hubName}.log`),
  });
  try {
    const undisturbed = await runStory(settings('Undisturbed'), () => undefined);
    report(`undisturbed run: ${Math.round(undisturbed.tookMs)} ms, ${undisturbed.activityLines.length} activities`);
    const differences: string[] = [];
    let [kills, runs, repeatedActivities] = [0, 0, 0];
    while (kills < wanted) {
      runs += 1;
      const moments = killMoments(random, Math.min(KILLS_PER_RUN, wanted - kills), undisturbed.tookMs);
      const plan = JSON.stringify(moments);
      const run = await runStory(settings(`Run${runs}`), () => moments.shift()).catch((error: unknown) => {
        throw new Error(`Run ${runs} of seed ${seed} did not end, after ${kills} kills. Its kills: ${plan}`, {
          cause: error,
        });
      });
      kills += run.kills;
      repeatedActivities += run.activityLines.length - undisturbed.activityLines.length;
      const different = differencesOf(undisturbed, run);
      differences.push(...different.map((text) => `run ${runs}: ${text}`));
      report(`run ${runs}: ${run.kills} kills, ${kills} of ${wanted} in all, ${different[0] ?? 'same end'}`);
    }
    return { undisturbed, kills, runs, repeatedActivities, differences };
  } finally {
    await azurite.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function killMoments(random: () => number, count: number, undisturbedMs: number): KillMoment[] {
  return Array.from({ length: count }, () => {
    const after = random() < SHARE_DURING_START ? 'spawn' : 'ready';
    const rangeMs = after === 'spawn' ? undisturbedMs : undisturbedMs / 2;
    return { after, delayMs: Math.floor(random() * rangeMs) };
  });
}

function differencesOf(undisturbed: StoryRun, run: StoryRun): string[] {
  const problems: string[] = [];
  for (const part of ['stories', 'tallies', 'decisions', 'strayMessages'] as const) {
    const [expected, got] = [undisturbed.end[part], run.end[part]];
    if (isDeepStrictEqual(expected, got)) continue;
    problems.push(`${part} differ: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
  }
  const ran = countLines(run.activityLines);
  for (const [line, times] of countLines(undisturbed.activityLines)) {
    const got = ran.get(line) ?? 0;
    if (got < times) problems.push(`activity '${line}' ran ${got} times instead of at least ${times}`);
  }
  return problems;
}

function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const known = line.replace(/^[0-9a-f]{32}:/, 'child:');
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  return counts;
}
