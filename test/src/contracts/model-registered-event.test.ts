import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../src/contracts/event-envelope.ts';
import { MODEL_REGISTERED, parseRegisteredModel } from '../../../src/contracts/model-registered-event.ts';

const gridEvent = {
  topic: '/subscriptions/s/workspaces/w',
  subject: 'models/churn:20',
  eventType: MODEL_REGISTERED,
  eventTime: '2024-06-26T18:41:00.9584103Z',
  id: 'e1',
  data: { ModelName: 'churn', ModelVersion: 20, ModelTags: {}, ModelProperties: {} },
  dataVersion: '',
  metadataVersion: '1',
};

describe('a ModelRegistered event', () => {
  it('is read in the Event Grid schema with the casing of the published samples', () => {
    const envelope = parseEnvelope(gridEvent);
    expect(envelope).toMatchObject({ ok: true, value: { id: 'e1', type: MODEL_REGISTERED, source: gridEvent.topic } });
    if (envelope.ok)
      expect(parseRegisteredModel(envelope.value)).toEqual({ ok: true, value: { model: 'churn', version: '20' } });
  });

  it('is read as a CloudEvent with the casing of the SDK', () => {
    const { topic, eventType, eventTime, id, subject } = gridEvent;
    const cloud = {
      specversion: '1.0',
      id,
      type: eventType,
      source: topic,
      subject,
      time: eventTime,
      data: { modelName: 'churn', modelVersion: '20' },
    };
    const envelope = parseEnvelope(cloud);
    expect(envelope.ok).toBe(true);
    if (envelope.ok)
      expect(parseRegisteredModel(envelope.value)).toEqual({ ok: true, value: { model: 'churn', version: '20' } });
  });

  it('without a usable version names the path', () => {
    const envelope = parseEnvelope({ ...gridEvent, data: { ModelName: 'churn', ModelVersion: {} } });
    if (!envelope.ok) throw new Error('The envelope is fine.');
    expect(parseRegisteredModel(envelope.value)).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^data\.modelversion: /)],
    });
  });
});
