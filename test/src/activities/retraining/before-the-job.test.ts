/** What a retraining looks at before its job, over scripted ports: the champion, the drift, the data. */
import { describe, expect, it } from 'vitest';
import { createConfirmDrift } from '../../../../src/activities/retraining/confirm-drift.ts';
import { createInspectData } from '../../../../src/activities/retraining/inspect-data.ts';
import { createReadChampion } from '../../../../src/activities/retraining/read-champion.ts';
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../../../../src/domain/ids/names.ts';
import type { TrainingDataPolicy } from '../../../../src/domain/policy/retraining-policy.ts';
import type { DataAssets } from '../../../../src/ports/data-assets.ts';
import type { CollectedWindow, DataRow, DataRows } from '../../../../src/ports/data-rows.ts';
import type { ModelPlatform } from '../../../../src/ports/model-platform.ts';
import type { Inspection, InspectionRequest } from '../../../../src/ports/training-data.ts';
import { InMemoryEvidenceStore } from '../../fakes/in-memory-records.ts';

const endpoint = 'flights' as EndpointName;
const model = 'air-time' as ModelName;
const champion = { deployment: 'air-time-1' as DeploymentName, version: '1' as ModelVersion, trainedOn: null };

/** Every source that the test names exists; anything else does not. */
function assetsOf(known: Readonly<Record<string, string>>): DataAssets {
  return {
    resolve: async (source) => {
      const blobUrl = known[source];
      if (!blobUrl) return { ok: false, reason: `There is no ${source}.` };
      const reference = source.startsWith('azureml://') ? null : source.replace('@latest', ':7');
      const uri = `azureml://datastores/d/paths/${source}`;
      return { ok: true, data: { reference, uri, kind: 'file', blobUrl, createdAtIso: null } };
    },
  };
}

describe('readChampion', () => {
  const platform = (traffic: Readonly<Record<string, number>>, served: string | null = 'air-time', data = '') =>
    ({
      getModelVersion: async () => ({ tags: { 'slipway.data': data } }),
      getEndpoint: async () => ({ split: { traffic, mirror: {} } }),
      getDeployment: async (_endpoint: string, deployment: string) =>
        served === null ? null : { deployment, model: served, modelVersion: deployment.slice(-1) },
    }) as unknown as ModelPlatform;

  it('finds the version with the largest share', async () => {
    const found = await createReadChampion(platform({ 'air-time-1': 20, 'air-time-2': 80 }))({ endpoint, model });
    expect(found).toEqual({ kind: 'found', champion: { deployment: 'air-time-2', version: '2', trainedOn: null } });
  });

  it.each([
    ['azureml:rows:7', 'azureml:rows:7'],
    ['azureml://datastores/d/paths/x', null],
    ['$(rm)', null],
  ])('takes %s from its tag as what it was trained on: %s', async (data, trainedOn) => {
    const found = await createReadChampion(platform({ 'air-time-1': 100 }, 'air-time', data))({ endpoint, model });
    expect(found).toMatchObject({ champion: { version: '1', trainedOn } });
  });

  it.each([
    ['nothing serves', platform({ 'air-time-1': 0 }), 'Nothing serves live traffic'],
    ['another model serves', platform({ 'air-time-1': 100 }, 'other'), 'does not serve a version of air-time'],
    ['the deployment is gone', platform({ 'air-time-1': 100 }, null), 'does not serve a version of air-time'],
    ['there is no endpoint', { getEndpoint: async () => null } as unknown as ModelPlatform, 'There is no endpoint'],
  ])('says so when %s', async (_name, given, reason) => {
    const found = await createReadChampion(given)({ endpoint, model });
    expect(found).toEqual({ kind: 'none', reason: expect.stringContaining(reason) });
  });
});

describe('confirmDrift', () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);
  const policy = {
    reference: 'azureml:reference:1',
    windowSeconds: 3600,
    features: { distance: 'numerical', carrier: 'categorical' },
  } as const;
  const collected = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector/';
  const known = { [policy.reference]: 'https://a/reference.csv', [collected]: 'https://a/collected/' };

  function ports(before: readonly DataRow[], now: readonly DataRow[], assets = assetsOf(known)) {
    const windows: CollectedWindow[] = [];
    const rows: DataRows = {
      async *readDataset() {
        yield* before;
      },
      async *readLines() {
        yield* [];
      },
      async *readCollected(_url, window) {
        windows.push(window);
        for (const row of now) yield { atMs: nowMs, correlationId: null, row };
      },
      async *readArrived() {
        yield* [];
      },
    };
    return { assets, rows, windows, evidence: new InMemoryEvidenceStore() };
  }
  const rowsAround = (distance: number, carrier: (index: number) => string) =>
    Array.from({ length: 600 }, (_value, index) => ({ distance: distance + (index % 97), carrier: carrier(index) }));
  const input = { retrainingId: 'retrain.x', endpoint, champion, policy, nowMs };
  const usual = (index: number) => (index % 3 === 0 ? 'UA' : 'B6');

  it('confirms what really moved, names it, and keeps the report', async () => {
    const given = ports(rowsAround(500, usual), rowsAround(900, usual));
    const answer = await createConfirmDrift(given)(input);
    expect(answer).toMatchObject({ verdict: 'drifted', features: ['distance'], evidence: 'retrain.x/drift.json' });
    expect(answer.sentence).toContain('distance');
    expect(JSON.stringify(answer).length).toBeLessThan(2048);
    expect(given.windows).toEqual([
      { endpoint, deployment: 'air-time-1', collection: 'model_inputs', fromMs: nowMs - 3_600_000, untilMs: nowMs },
    ]);
    expect(await given.evidence.get('retrain.x/drift.json')).toMatchObject({
      reference: 'azureml:reference:1',
      report: { verdict: 'drifted' },
    });
  });

  it('is stable where the rows are the same, also when one side holds its numbers as text', async () => {
    const asText = rowsAround(500, usual).map((row) => ({ ...row, distance: `${row.distance}` }));
    const answer = await createConfirmDrift(ports(asText, rowsAround(500, usual)))(input);
    expect(answer).toMatchObject({ verdict: 'stable', features: [] });
  });

  it('compares a retrained champion with what it was trained on', async () => {
    const trainedOn = 'azureml:rows:7';
    const given = ports(
      rowsAround(500, usual),
      rowsAround(500, usual),
      assetsOf({ ...known, [trainedOn]: 'https://a/7' }),
    );
    await createConfirmDrift(given)({ ...input, champion: { ...champion, trainedOn } });
    expect(await given.evidence.get('retrain.x/drift.json')).toMatchObject({ reference: trainedOn });
  });

  it('does not take silence for health', async () => {
    expect(await createConfirmDrift(ports(rowsAround(500, usual), []))(input)).toMatchObject({ verdict: 'no-data' });
    const missing = ports([], [], assetsOf({ [collected]: 'https://a/collected/' }));
    expect(await createConfirmDrift(missing)(input)).toEqual({
      verdict: 'no-data',
      sentence: 'The reference cannot be read: There is no azureml:reference:1.',
      features: [],
      evidence: null,
    });
  });
});

describe('inspectData', () => {
  const policy: TrainingDataPolicy = {
    source: 'azureml:rows@latest',
    label: 'air_time',
    minRows: 100,
    maxNullRate: 0.1,
    columns: { carrier: 'string' },
  };
  const known = assetsOf({ [policy.source]: 'https://a/rows.jsonl' });
  const good = { present: true, nulls: 0, typeErrors: 0 };
  const report = { files: 1, bytes: 1, rows: 100, malformedRows: 0, complete: true };

  function inspect(inspection: Inspection, assets = known) {
    const asked: InspectionRequest[] = [];
    const inspector = {
      inspect: async (request: InspectionRequest) => {
        asked.push(request);
        return inspection;
      },
    };
    return { asked, answer: createInspectData(assets, inspector)({ policy }) };
  }

  it('answers with the pinned version of fit data, and asks for the label too', async () => {
    const columns = { carrier: good, air_time: good };
    const { asked, answer } = inspect({ ok: true, report: { ...report, columns } });
    expect(await answer).toMatchObject({ kind: 'fit', reference: 'azureml:rows:7', rows: 100 });
    expect(asked).toEqual([
      { blobUrl: 'https://a/rows.jsonl', kind: 'file', columns: { carrier: 'string', air_time: 'number' } },
    ]);
  });

  it('names every problem, within its bounds', async () => {
    const columns = { carrier: { ...good, present: false } };
    const { answer } = inspect({ ok: true, report: { ...report, rows: 5, columns } });
    expect(await answer).toEqual({
      kind: 'unfit',
      problems: [
        'It has 5 rows; the policy asks for 100.',
        'Column carrier is missing.',
        'Column air_time is missing.',
      ],
    });
    const unreadable = await inspect({ ok: false, reason: 'x'.repeat(9000) }).answer;
    expect(JSON.stringify(unreadable).length).toBeLessThan(2048);
  });

  it('refuses data that is not there without reading anything', async () => {
    const { asked, answer } = inspect({ ok: false, reason: '' }, assetsOf({}));
    expect(await answer).toEqual({ kind: 'unfit', problems: ['There is no azureml:rows@latest.'] });
    expect(asked).toEqual([]);
  });
});
