/** Follows the newest retraining of one kind over the app's API until it has ended. */
import { z } from 'zod';
import { sleep, systemClock } from '../../local/emulator/clock.ts';
import type { AppClient } from '../operator/app-client.ts';

const LOOK_MS = 500;
const MAX_MS = 120_000;

const listSchema = z.object({
  retrainings: z.array(
    z.object({
      retrainingId: z.string(),
      status: z.string(),
      /** Null until the orchestration has run for the first time. */
      customStatus: z
        .object({
          trigger: z.object({ kind: z.string() }),
          phase: z.string(),
          note: z.string(),
          requestedAtIso: z.string(),
          jobName: z.string().nullable(),
          version: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
});

export interface EndedRetraining {
  readonly phase: string;
  readonly note: string;
  readonly jobName: string | null;
  readonly version: string | null;
}

/** Fails when none of this kind was requested since `sinceMs`, or when it does not end in time. */
export async function watchRetraining(
  app: AppClient,
  kind: string,
  sinceMs: number,
  say: (text: string) => void,
): Promise<EndedRetraining> {
  let told = '';
  for (const deadlineMs = Date.now() + MAX_MS; Date.now() < deadlineMs; await sleep(systemClock, LOOK_MS)) {
    const { retrainings } = listSchema.parse(await app.listRetrainings());
    const found = retrainings.find(({ customStatus: seen }) => {
      return seen?.trigger.kind === kind && Date.parse(seen.requestedAtIso) >= sinceMs;
    });
    if (!found?.customStatus) continue;
    const { phase, note, jobName, version } = found.customStatus;
    if (phase !== told) say(`  retraining  ${phase}: ${note}`);
    told = phase;
    if (found.status === 'completed') return { phase, note, jobName, version };
    if (found.status !== 'active') throw new Error(`${found.retrainingId} is ${found.status}: ${note}`);
  }
  throw new Error(told === '' ? `No retraining of the kind ${kind} began.` : `The retraining stays ${told}.`);
}
