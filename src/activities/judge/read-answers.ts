/**
 * Reads what green and blue answered, and what became of it, for one look: collected model data and rows of outcomes.
 *
 * 1. Errors and latency are judged whatever becomes of this: trouble here is told in the evidence, and tried again
 *    later.
 * 2. What is read is bounded in rows, bytes (DataRows) and time; what was left out is told.
 */
import type { ActivityInput } from '../../contracts/activities.ts';
import type { DeploymentName } from '../../domain/ids/names.ts';
import {
  type Answer,
  type AnswersOfArms,
  type AnswersRead,
  type DueAnswers,
  NOTHING_READ,
  type Outcomes,
  type ReadAnswers,
  type WantedOutcomes,
} from '../../domain/judge/reading/answers.ts';
import type { DueReading } from '../../domain/judge/take-answers.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { DataRow, DataRows } from '../../ports/data-rows.ts';
import { COLLECTED } from '../collected-data.ts';

export interface AnswerPorts {
  readonly assets: DataAssets;
  readonly rows: DataRows;
}

export interface AnswersReading {
  readonly read: AnswersRead;
  /** What was left out or could not be read; null where everything was. */
  readonly problem: string | null;
}

type Input = ActivityInput<'judgeTraffic'>;

const TIME_LIMIT_MS = 45_000;
const MAX_ROWS = 300_000;
const MAX_PROBLEM = 500;
const NO_OUTCOMES: Outcomes = new Map();
const NOTHING: AnswersReading = { read: NOTHING_READ, problem: null };

export async function readAnswers(
  ports: AnswerPorts,
  input: Input,
  due: readonly DueReading[],
): Promise<AnswersReading> {
  if (due.length === 0) return NOTHING;
  try {
    return await inTime(new Reader(ports, input).read(due));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { ...NOTHING, problem: `Answers could not be read: ${cause}`.slice(0, MAX_PROBLEM) };
  }
}

/** What goes on after the limit ends by the adapters' own limits. */
async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  return await Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      limit.addEventListener('abort', () => reject(new Error(`not within ${TIME_LIMIT_MS / 1000} s.`)), { once: true });
    }),
  ]);
}

class Reader {
  readonly #ports: AnswerPorts;
  readonly #input: Input;
  #left = MAX_ROWS;
  #isCut = false;
  #collected: string | null = null;

  constructor(ports: AnswerPorts, input: Input) {
    this.#ports = ports;
    this.#input = input;
  }

  async read(all: readonly DueReading[]): Promise<AnswersReading> {
    this.#collected = await this.#locate(COLLECTED);
    const read: Record<string, ReadAnswers> = {};
    for (const one of all) read[one.metric] = await this.#read(one);
    return { read, problem: this.#isCut ? 'There were more answers than are read; the rest was left out.' : null };
  }

  async #read({ wanted, due }: DueReading): Promise<ReadAnswers> {
    const { collection, prediction, outcomes, delayBuckets } = wanted;
    const answers = await this.#answers(due, collection, (row, correlationId) => ({
      key: outcomes && keyIn(row, correlationId, outcomes.key),
      prediction: prediction === null ? null : row[prediction],
    }));
    return { due, answers, outcomes: outcomes ? await this.#outcomes(due, outcomes, delayBuckets) : NO_OUTCOMES };
  }

  async #outcomes({ blueFromMs, toMs }: DueAnswers, wanted: WantedOutcomes, delayBuckets: number): Promise<Outcomes> {
    const untilMs = toMs + delayBuckets * this.#input.policy.bucketSeconds * 1000;
    const folderUrl = await this.#locate(wanted.folder);
    const outcomes = new Map<string, unknown>();
    for await (const row of this.#ports.rows.readArrived(folderUrl, { fromMs: blueFromMs, untilMs }, this.#onCut)) {
      const found = keyOf(row[wanted.key]);
      if (found !== null && !outcomes.has(found) && this.#takes()) outcomes.set(found, row[wanted.column]);
    }
    return outcomes;
  }

  async #answers(
    { fromMs, blueFromMs, toMs }: DueAnswers,
    collection: string,
    pick: (row: DataRow, correlationId: string | null) => Omit<Answer, 'atMs'>,
  ): Promise<AnswersOfArms> {
    const { green, blue } = this.#input;
    const from = async (deployment: DeploymentName, sinceMs: number) => {
      const window = { endpoint: this.#input.endpoint, deployment, collection, fromMs: sinceMs, untilMs: toMs };
      const answers: Answer[] = [];
      const rows = this.#ports.rows.readCollected(this.#collected ?? '', window, this.#onCut);
      for await (const { atMs, correlationId, row } of rows) {
        if (this.#takes()) answers.push({ atMs, ...pick(row, correlationId) });
      }
      return answers;
    };
    return { green: await from(green, fromMs), blue: await from(blue, blueFromMs) };
  }

  async #locate(source: string): Promise<string> {
    const found = await this.#ports.assets.resolve(source);
    if (!found.ok) throw new Error(found.reason);
    return found.data.blobUrl;
  }

  #takes(): boolean {
    this.#left -= 1;
    if (this.#left < 0) this.#isCut = true;
    return this.#left >= 0;
  }

  readonly #onCut = () => {
    this.#isCut = true;
  };
}

/** `correlationid` is the collector's own. */
function keyIn(row: DataRow, correlationId: string | null, key: string): string | null {
  return key === 'correlationid' ? correlationId : keyOf(row[key]);
}

/** Texts and numbers alike: CSV holds both as text. */
function keyOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
