import { describe, expect, test } from 'vitest';
import { collectedEvent } from '../../../../local/azure-ml/collection/collected-event.ts';
import { partition, partitionSpan } from '../../../../local/azure-ml/collection/partition.ts';

const HEADERS = {
  'content-type': 'application/json',
  'trace-id': '9c9b39e6-0000-4000-8000-000000000001',
  'ce-time': '1698072219',
  'ce-type': 'azureml.inference.model_inputs',
  'ce-collect-data-type': 'pandas.DataFrame',
  'ce-agent': 'azureml-ai-monitoring/1.0.0',
  'ce-x-request-id': 'request-1',
  'ce-model-version': 'default',
};
const CONTEXT = { source: '/deployments/blue', nowMs: Date.UTC(2026, 0, 1, 12) };

describe('a call of the collector', () => {
  test('becomes one CloudEvent on one line', () => {
    const event = collectedEvent(HEADERS, Buffer.from('[{"a":1,"b":"x\\ny"}]'), CONTEXT);
    if (!event.ok) throw new Error(event.problem);
    expect(event.line.indexOf('\n')).toBe(event.line.length - 1);
    expect(JSON.parse(event.line)).toEqual({
      specversion: '1.0',
      id: '9c9b39e6-0000-4000-8000-000000000001',
      source: '/deployments/blue',
      type: 'azureml.inference.model_inputs',
      datacontenttype: 'application/json',
      time: '2023-10-23T14:43:39Z',
      data: [{ a: 1, b: 'x\ny' }],
      contentrange: 'bytes 0-19/20',
      correlationid: 'request-1',
      xrequestid: 'request-1',
      modelversion: 'default',
      collectdatatype: 'pandas.DataFrame',
      agent: 'azureml-ai-monitoring/1.0.0',
    });
    expect([event.collection, event.timeMs]).toEqual(['model_inputs', 1_698_072_219_000]);
  });

  test('without a usable time belongs to the moment of its arrival', () => {
    const event = collectedEvent({ ...HEADERS, 'ce-time': 'yesterday' }, Buffer.from('[]'), CONTEXT);
    expect(event).toMatchObject({ ok: true, timeMs: CONTEXT.nowMs });
  });

  test('cannot overwrite what the sidecar says of itself', () => {
    const headers = { ...HEADERS, 'ce-data': 'x', 'ce-id': 'y', 'ce-source': 'z', 'ce-correlation-id': 'w' };
    const event = collectedEvent(headers, Buffer.from('[{"a":1}]'), CONTEXT);
    if (!event.ok) throw new Error(event.problem);
    expect(JSON.parse(event.line)).toMatchObject({
      data: [{ a: 1 }],
      id: HEADERS['trace-id'],
      source: '/deployments/blue',
      correlationid: 'request-1',
    });
  });

  test.each([
    ['another type', { ...HEADERS, 'ce-type': 'azureml.training.x' }, '[]', 400],
    ['no JSON', HEADERS, '[{', 400],
    ['no array', HEADERS, '{"a":1}', 400],
    ['the compact format', { ...HEADERS, 'content-type': 'application/octet-stream' }, 'a', 415],
  ])('with %s is refused', (_case, headers, body, status) => {
    expect(collectedEvent(headers, Buffer.from(body), CONTEXT)).toMatchObject({ ok: false, status });
  });
});

describe('the folder of a moment', () => {
  const TIME = Date.UTC(2024, 1, 29, 23, 59, 58);

  test.each([
    ['Year', '2024', Date.UTC(2024, 0), Date.UTC(2025, 0)],
    ['Month', '2024/02', Date.UTC(2024, 1), Date.UTC(2024, 2)],
    ['Day', '2024/02/29', Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 1)],
    ['Hour', '2024/02/29/23', Date.UTC(2024, 1, 29, 23), Date.UTC(2024, 2, 1)],
    ['Minute', '2024/02/29/23/59', Date.UTC(2024, 1, 29, 23, 59), Date.UTC(2024, 2, 1)],
  ] as const)('follows the rolling rate %s and tells its span', (rate, path, fromMs, toMs) => {
    expect(partition(TIME, rate)).toBe(path);
    expect(partitionSpan(`modelDataCollector/e/d/model_inputs/${path}/file.jsonl`)).toEqual({ fromMs, toMs });
  });

  test('is none for other paths', () => {
    expect(partitionSpan('flights/reference/rows.jsonl')).toBeUndefined();
  });
});
