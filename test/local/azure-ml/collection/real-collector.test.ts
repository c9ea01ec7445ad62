/** Azure ML's own collector in real scoring processes: what it sends reaches blob storage; trouble never reaches callers. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataCollection } from '../../../../local/azure-ml/seams/data-collection.ts';
import { type Fixture, NEVER, specOf, startFixture, until } from '../serving/serving-fixture.ts';
import { CONTAINER, collectionOf, type Storage, startStorage } from './collection-fixture.ts';

const PYTHON = resolve('.slipway/venv/serving/bin/python');
const READINESS = { initialDelayMs: 0, periodMs: 300, timeoutMs: 10_000, successThreshold: 1, failureThreshold: 100 };
/** As in "Collect production data from models", without error handlers. */
const SCORE = `
import json
import pandas as pd
from azureml.ai.monitoring import Collector

def init():
    global inputs_collector, outputs_collector
    inputs_collector = Collector(name='model_inputs')
    outputs_collector = Collector(name='model_outputs')

def run(raw_data):
    rows = json.loads(raw_data)["data"]
    context = inputs_collector.collect(pd.DataFrame(rows))
    predictions = [row["x"] * 2 for row in rows]
    outputs_collector.collect(pd.DataFrame({"prediction": predictions}), context)
    return {"predictions": predictions}
`;

let folder: string;
let storage: Storage;
let fixture: Fixture;

beforeAll(async () => {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is missing: run npm run setup.`);
  folder = await mkdtemp(join(tmpdir(), 'slipway-collector-'));
  await mkdir(join(folder, 'code'));
  await writeFile(join(folder, 'code', 'score.py'), SCORE);
  storage = await startStorage();
  fixture = await startFixture({ pythonPath: PYTHON, blobs: storage.blobs });
}, 60_000);
afterAll(async () => {
  await fixture?.stop();
  await storage?.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(deployment: string, dataCollection?: DataCollection) {
  const spec = specOf(deployment, { codeFolder: join(folder, 'code'), readiness: READINESS });
  return fixture.plane.startDeployment({ ...spec, ...(dataCollection ? { dataCollection } : {}) }, NEVER);
}

function both(deployment: string, samplingRate = 1): DataCollection {
  const collections = ['model_inputs', 'model_outputs'].map((name) => {
    return { name, samplingRate, container: CONTAINER, blobPath: `modelDataCollector/flights/${deployment}/${name}` };
  });
  return { ...collectionOf(deployment), collections };
}

async function linesOf(deployment: string, collection: string) {
  const files = await storage.read(`modelDataCollector/flights/${deployment}/${collection}`);
  const lines = Object.values(files).flatMap((text) => text.split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

describe('a deployment that collects', () => {
  test('stores inputs and outputs of every request as CloudEvents with one correlation id', async () => {
    expect(await start('blue', both('blue'))).toEqual({ ok: true });
    fixture.plane.setRouting('flights', { traffic: { blue: 100 }, mirrorTraffic: {} });
    expect((await fixture.score('{"data":[{"x":1,"name":"a"},{"x":2,"name":null}]}')).status).toBe(200);
    expect((await fixture.score('{"data":[{"x":3,"name":"c"}]}')).status).toBe(200);
    const settled = async () => (await linesOf('blue', 'model_outputs')).length === 2;
    await until(settled, 'two collected outputs');
    const inputs = await linesOf('blue', 'model_inputs');
    expect(inputs.map(({ data }) => data)).toEqual([
      [
        { x: 1, name: 'a' },
        { x: 2, name: null },
      ],
      [{ x: 3, name: 'c' }],
    ]);
    expect(inputs[0]).toMatchObject({
      specversion: '1.0',
      type: 'azureml.inference.model_inputs',
      source: '/workspaces/w/onlineEndpoints/flights/deployments/blue',
      agent: 'azureml-ai-monitoring/1.0.0',
      modelversion: 'default',
    });
    const outputs = await linesOf('blue', 'model_outputs');
    expect(outputs.map(({ correlationid }) => correlationid)).toEqual(inputs.map(({ correlationid }) => correlationid));
    expect(outputs.map(({ data }) => data)).toEqual([[{ prediction: 2 }, { prediction: 4 }], [{ prediction: 6 }]]);
    const counts = await fixture.send({ method: 'GET', path: '/_control/collection' });
    expect(JSON.parse(counts.body)).toMatchObject([
      { collection: 'model_inputs', events: 2, stored: 2 },
      { collection: 'model_outputs', events: 2, stored: 2 },
    ]);
  }, 60_000);

  test('writes what its sidecar still holds when it is stopped', async () => {
    expect(await start('last', both('last'))).toEqual({ ok: true });
    fixture.plane.setRouting('flights', { traffic: { last: 100 }, mirrorTraffic: {} });
    await fixture.score('{"data":[{"x":9,"name":"z"}]}');
    const taken = async () => {
      const counts = JSON.parse((await fixture.send({ method: 'GET', path: '/_control/collection' })).body);
      return counts.some(
        ({ source, events }: { source: string; events: number }) => source.endsWith('/last') && events > 0,
      );
    };
    await until(taken, 'the event to reach the sidecar');
    await fixture.plane.stopDeployment('flights', 'last');
    expect((await linesOf('last', 'model_inputs')).map(({ data }) => data)).toEqual([[{ x: 9, name: 'z' }]]);
  }, 60_000);

  test('at a sampling rate of 0 stores nothing and answers as ever', async () => {
    expect(await start('none', both('none', 0))).toEqual({ ok: true });
    fixture.plane.setRouting('flights', { traffic: { none: 100 }, mirrorTraffic: {} });
    expect((await fixture.score('{"data":[{"x":1,"name":"a"}]}')).status).toBe(200);
    await fixture.plane.stopDeployment('flights', 'none');
    expect(await linesOf('none', 'model_inputs')).toEqual([]);
  }, 60_000);
});

test('a script whose collector has no error handler does not start where its collection is not enabled', async () => {
  const outcome = await start('off');
  expect(outcome).toMatchObject({ ok: false, code: 'UserScriptInitFailed' });
  expect(fixture.plane.logs('flights', 'off', 100)).toContain('custom logging is not enabled, drop the data');
}, 60_000);
