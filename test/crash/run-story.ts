/** One run of all stories on a hub of its own, with the host killed at given moments on the way. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PersistentClient } from './client.ts';
import { type EndState, readEndState } from './end-state.ts';
import { type HostSettings, startMortalHost } from './mortal-host.ts';
import { withinTime } from './within-time.ts';

const STORIES = 5;
const RUN_LIMIT_MS = 240_000;
const RESTARTS_LIMIT = 200;

/** When to kill a host that was just started: so long after its process began, or after it was ready. */
export interface KillMoment {
  readonly after: 'spawn' | 'ready';
  readonly delayMs: number;
}

export interface StoryRun {
  readonly end: EndState;
  readonly kills: number;
  /** From the last start of a host to the end of the last story. */
  readonly tookMs: number;
  readonly activityLines: readonly string[];
}

export const storyIds = Array.from({ length: STORIES }, (_, index) => `story${index}`);

/** `nextKill` is asked for every host; undefined lets that host live to the end of the run. */
export async function runStory(settings: HostSettings, nextKill: () => KillMoment | undefined): Promise<StoryRun> {
  let address: string | undefined;
  const client = new PersistentClient(() => address, Date.now() + RUN_LIMIT_MS);
  const stories = { ended: false };
  const told = Promise.all(storyIds.map((id, index) => tell(client, id, index))).finally(() => {
    stories.ended = true;
  });
  const settled = told.catch(() => {});
  let kills = 0;
  for (let start = 0; start < RESTARTS_LIMIT; start += 1) {
    const host = startMortalHost(settings);
    const startedAtMs = performance.now();
    try {
      const readied = host.ready.then((url) => {
        address = url;
      });
      const moment = nextKill();
      if (moment) {
        // A host that neither gets ready nor ends must not hold the run up beyond the client's patience.
        if (moment.after === 'ready') await Promise.race([readied, settled]);
        await Promise.race([pause(moment.delayMs), settled, host.ended]);
      } else {
        await Promise.race([settled, host.ended]);
      }
      if (host.hasEnded()) throw new Error(`The host ended by itself:\n${host.output()}`);
      if (stories.ended) {
        await told.catch((error: unknown) => {
          throw new Error(`${String(error)} The host said:\n${host.output()}`);
        });
        const tookMs = performance.now() - startedAtMs;
        const end = await withinTime(RUN_LIMIT_MS, 'reading the end state', readEndState(client, settings, storyIds));
        return { end, kills, tookMs, activityLines: readFileSync(settings.activityLog, 'utf8').trim().split('\n') };
      }
      kills += 1;
    } finally {
      address = undefined;
      await host.kill();
    }
  }
  throw new Error(`The stories did not end within ${RESTARTS_LIMIT} starts.`);
}

async function tell(client: PersistentClient, id: string, index: number): Promise<void> {
  await client.start('journey', id, { value: index * 10, round: 1, by: [] });
  for (const round of [1, 2]) {
    const { runtimeStatus, output } = await client.statusWhen(
      id,
      (status) => isWaitingFor(status.customStatus, round) || status.runtimeStatus === 'Failed',
    );
    if (runtimeStatus === 'Failed') throw new Error(`${id} failed: ${String(output)}`);
    await client.raise(id, `Go${round}`, { by: `approver ${round}` });
  }
  await client.statusWhen(id, ({ runtimeStatus }) => !['Pending', 'Running'].includes(runtimeStatus));
}

function isWaitingFor(customStatus: unknown, round: number): boolean {
  return typeof customStatus === 'object' && customStatus !== null && 'waitingFor' in customStatus
    ? Number(customStatus.waitingFor) >= round
    : false;
}
