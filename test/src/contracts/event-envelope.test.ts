import { describe, expect, it } from 'vitest';
import { lowerCaseData, parseEnvelope } from '../../../src/contracts/event-envelope.ts';

const gridEvent = {
  topic: '/subscriptions/s/workspaces/w',
  subject: 'models/churn:20',
  eventType: 'Microsoft.MachineLearningServices.ModelRegistered',
  eventTime: '2024-06-26T18:41:00.9584103Z',
  id: 'e1',
  data: { ModelName: 'churn' },
  dataVersion: '',
  metadataVersion: '1',
};

const cloudEvent = {
  specversion: '1.0',
  id: 'e1',
  type: gridEvent.eventType,
  source: gridEvent.topic,
  subject: gridEvent.subject,
  time: gridEvent.eventTime,
  data: gridEvent.data,
};

const value = {
  id: 'e1',
  type: gridEvent.eventType,
  source: gridEvent.topic,
  subject: gridEvent.subject,
  timeMs: Date.parse('2024-06-26T18:41:00.958Z'),
  data: gridEvent.data,
};

describe('the envelope of an event', () => {
  it.each([
    ['in the Event Grid schema', gridEvent],
    ['in the Event Grid schema, whatever else it holds', { ...gridEvent, type: 'x', source: 'y', time: 'z' }],
    ['as a CloudEvent', cloudEvent],
    ['as a CloudEvent, whatever else it holds', { ...cloudEvent, eventType: 'x', topic: 'y', eventTime: 'z' }],
  ])('is read %s', (_schema, event) => {
    expect(parseEnvelope(event)).toEqual({ ok: true, value });
  });

  it.each([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ ...gridEvent, id: '' }],
    [{ ...gridEvent, eventTime: 'soon' }],
    [{ ...gridEvent, data: 'x' }],
    [{ ...cloudEvent, specversion: '0.3' }],
    [{ ...cloudEvent, time: undefined }],
  ])('that is malformed names its problems (%j)', (event) => {
    const parsed = parseEnvelope(event);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
  });

  it('gives its data with keys in lower case', () => {
    expect(lowerCaseData({ ...value, data: { RunId: 'A', runTags: { Keep: 1 } } })).toEqual({
      runid: 'A',
      runtags: { Keep: 1 },
    });
  });
});
