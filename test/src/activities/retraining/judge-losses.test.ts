/** The gate on the rows that a job wrote: where they are looked for, and what is told of rows that cannot be used. */
import { describe, expect, it } from 'vitest';
import { createJudgeChallenger } from '../../../../src/activities/retraining/judge-challenger.ts';
import type { GateDecision } from '../../../../src/domain/gate/judge-challenger.ts';
import type { DataResolution } from '../../../../src/ports/data-assets.ts';
import type { DataRow } from '../../../../src/ports/data-rows.ts';
import { InMemoryEvidenceStore } from '../../fakes/in-memory-records.ts';

const URI = 'azureml://datastores/workspaceblobstore/paths/slipway/job-1/losses.jsonl';
const policy = {
  lossMargin: 0,
  confidence: 0.95,
  minRows: 300,
  slices: [{ name: 'jfk', lossMargin: 0 }],
  losses: { output: 'losses', uri: URI.replace('job-1', `\${{slipway.job}}`) },
};
/** Better by 1 on average, differences spread evenly over [-2, 0). */
const rows: readonly DataRow[] = Array.from({ length: 400 }, (_value, row) => ({
  champion: 5,
  challenger: 3 + row / 200,
  slices: ['jfk'],
}));
const metrics = { 'gate.rows': 400, 'gate.difference_mean': -1.0025 };

interface Situation {
  readonly rows?: readonly (DataRow | null)[];
  readonly metrics?: Readonly<Record<string, number>>;
  /** After the rows the file goes on. */
  readonly isCut?: boolean;
  readonly resolution?: DataResolution;
  readonly retrainingId?: string;
}

function judge(situation: Situation = {}) {
  const evidence = new InMemoryEvidenceStore();
  const looked: string[] = [];
  const blobUrl = 'https://account.blob.core.windows.net/c/losses.jsonl';
  const location = { reference: null, uri: URI, kind: 'file', blobUrl, createdAtIso: null } as const;
  const activity = createJudgeChallenger({
    runs: { readRun: async () => ({ metrics: situation.metrics ?? metrics, tags: {} }) },
    evidence,
    assets: {
      resolve: async (source) => {
        looked.push(source);
        return situation.resolution ?? { ok: true, data: location };
      },
    },
    rows: {
      async *readLines(url, onCut) {
        looked.push(url);
        yield* situation.rows ?? rows;
        if (situation.isCut) {
          onCut();
          yield null;
        }
      },
      async *readDataset() {
        yield* [];
      },
      async *readCollected() {
        yield* [];
      },
      async *readArrived() {
        yield* [];
      },
    },
  });
  const retrainingId = situation.retrainingId ?? 'retrain.x';
  return { evidence, looked, answer: activity({ retrainingId, jobName: 'job-1', policy }) };
}

async function decisionOf({ evidence, answer }: ReturnType<typeof judge>): Promise<GateDecision> {
  const name = (await answer).evidence ?? '';
  return ((await evidence.get(name)) as { decision: GateDecision }).decision;
}

describe('judgeChallenger of a policy that names the losses', () => {
  it('reads them where the job was told to write them, and keeps how it decided', async () => {
    const judged = judge();
    expect(await judged.answer).toMatchObject({ verdict: 'pass', evidence: 'retrain.x/gate.json' });
    expect(judged.looked).toEqual([URI, 'https://account.blob.core.windows.net/c/losses.jsonl']);
    const bound = { method: 'bootstrap-t', resamples: 2000 };
    expect(await judged.evidence.get('retrain.x/gate.json')).toMatchObject({
      measurements: { uri: URI, overall: { rows: 400, championLoss: 5 } },
      decision: {
        verdict: 'pass',
        parts: [
          { name: 'all rows', bound },
          { name: 'jfk', bound },
        ],
      },
    });
  });

  it('decides the same when it runs again; another retraining draws other resamples', async () => {
    expect(await decisionOf(judge())).toEqual(await decisionOf(judge()));
    const other = await decisionOf(judge({ retrainingId: 'retrain.y' }));
    expect(other.parts[0]?.upper).not.toBe((await decisionOf(judge())).parts[0]?.upper);
  });

  it.each<[string, Situation, string]>([
    ['no file', { rows: [] }, 'There is no such file, or it has no lines.'],
    ['a broken line', { rows: [...rows.slice(0, 16), null] }, `(${URI}): Line 17 is no JSON object`],
    ['a file without end', { isCut: true }, 'larger than is read'],
    ['no datastore', { resolution: { ok: false, reason: 'There is no datastore.' } }, 'There is no datastore.'],
    ['fewer rows', { rows: rows.slice(1) }, 'has 399 rows, but the metric gate.rows is 400'],
    ['other rows', { metrics: { ...metrics, 'gate.difference_mean': -2 } }, 'gate.difference_mean is -2'],
    ['no metrics', { metrics: {} }, 'did not log the metric gate.rows'],
  ])('cannot read %s, and says so', async (_name, situation, sentence) => {
    const { evidence, answer } = judge(situation);
    expect(await answer).toMatchObject({ verdict: 'unreadable', sentence: expect.stringContaining(sentence) });
    expect(evidence.documents.size).toBe(0);
  });
});
