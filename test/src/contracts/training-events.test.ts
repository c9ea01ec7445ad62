/** Events around training, in both envelopes and both casings: only the tag makes a run a drift. */
import { describe, expect, it } from 'vitest';
import { type EventEnvelope, parseEnvelope } from '../../../src/contracts/event-envelope.ts';
import {
  BLOB_CREATED,
  DATASET_DRIFT,
  parseDrift,
  parseNewBlob,
  parseRun,
  RUN_STATUS_CHANGED,
} from '../../../src/contracts/training-events.ts';
import { BREACH_TEXT } from '../functions/events/a-drift-event.ts';

function envelope(changes: object): EventEnvelope {
  const event = { id: 'e', topic: '/w', subject: 's', eventTime: '2026-03-01T12:00:00Z', data: {}, ...changes };
  const parsed = parseEnvelope({ eventType: RUN_STATUS_CHANGED, ...event });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  return parsed.value;
}

describe('a run whose tag says that thresholds were broken', () => {
  const tags = { azureml_modelmonitor_threshold_breached: BREACH_TEXT };

  it.each([
    ['as the SDK types it', { runId: 'run-1', runTags: tags, runStatus: 'Completed' }],
    ['as the samples write it', { RunId: 'run-1', RunTags: tags, RunStatus: 'failed' }],
    [
      'without a status, and with the tag in capitals',
      {
        runId: 'run-1',
        runTags: { AzureML_ModelMonitor_Threshold_Breached: BREACH_TEXT },
      },
    ],
  ])('is a drift with its features, %s', (_name, data) => {
    expect(parseDrift(envelope({ data }))).toEqual({
      ok: true,
      value: { signal: 'flights-monitor_inputs', runId: 'run-1', features: ['distance', 'carrier'] },
    });
  });

  it('is a drift in a CloudEvent too', () => {
    const parsed = parseEnvelope({
      specversion: '1.0',
      id: 'e',
      type: RUN_STATUS_CHANGED,
      source: '/w',
      subject: 's',
      time: '2026-03-01T12:00:00Z',
      data: { runId: 'run-1', runTags: tags },
    });
    expect(parsed.ok && parseDrift(parsed.value)).toMatchObject({ value: { signal: 'flights-monitor_inputs' } });
  });

  it('is still a drift when its list of features cannot be read', () => {
    const text = BREACH_TEXT.replace(/\{[^}]*\}/g, '{"group": oops}');
    const data = { runId: 'run-1', runTags: { azureml_modelmonitor_threshold_breached: text } };
    expect(parseDrift(envelope({ data }))).toMatchObject({ value: { features: [] } });
  });

  it('names at most fifty features, each once', () => {
    const entries = Array.from({ length: 200 }, (_value, index) => `'{"group":"f${index % 100}"}'`).join(', ');
    const text = `${BREACH_TEXT.split('[')[0]}[${entries}]`;
    const data = { runId: 'run-1', runTags: { azureml_modelmonitor_threshold_breached: text } };
    const parsed = parseDrift(envelope({ data }));
    expect(parsed.ok && parsed.value?.features).toHaveLength(50);
  });
});

describe('a run without that tag', () => {
  it.each([
    ['that failed', { runId: 'r', runTags: {}, runStatus: 'Failed' }],
    [
      'whose tag says something else',
      {
        runId: 'r',
        runTags: { azureml_modelmonitor_threshold_breached: 'The signal failed to run.' },
        runStatus: 'Failed',
      },
    ],
    ['without tags', { runId: 'r', runTags: null, runStatus: 'Failed' }],
  ])('%s is no drift', (_name, data) => {
    expect(parseDrift(envelope({ data }))).toEqual({ ok: true, value: null });
  });

  it('and without an id is malformed', () => {
    expect(parseDrift(envelope({ data: { runTags: {} } }))).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('data.runid')],
    });
  });
});

describe('a drift of a data set (v1)', () => {
  it('is read by the name of its monitor', () => {
    const data = { DataDriftName: 'flights-monitor', RunId: 'drift-7', DriftCoefficient: 0.83 };
    expect(parseDrift(envelope({ eventType: DATASET_DRIFT, data }))).toEqual({
      ok: true,
      value: { signal: 'flights-monitor', runId: 'drift-7', features: [] },
    });
  });

  it('without a name is malformed', () => {
    expect(parseDrift(envelope({ eventType: DATASET_DRIFT, data: { RunId: 'x' } })).ok).toBe(false);
  });
});

describe('a run', () => {
  it('is read with its text tags and its status, if it has one', () => {
    const data = { RunId: 'job-1', RunTags: { 'slipway.retraining': 'retrain.x', number: 3 }, RunStatus: 'Failed' };
    expect(parseRun(envelope({ data }))).toEqual({
      ok: true,
      value: { runId: 'job-1', tags: { 'slipway.retraining': 'retrain.x' }, status: 'Failed' },
    });
    expect(parseRun(envelope({ data: { runId: 'job-1' } }))).toMatchObject({ value: { status: null } });
  });
});

describe('a new blob', () => {
  it('is read from the subject, slashes and all', () => {
    const subject = '/blobServices/default/containers/landing/blobs/flights/2013/07.jsonl';
    expect(parseNewBlob(envelope({ eventType: BLOB_CREATED, subject }))).toEqual({
      ok: true,
      value: { container: 'landing', name: 'flights/2013/07.jsonl' },
    });
  });

  it('whose subject names none is malformed', () => {
    expect(parseNewBlob(envelope({ eventType: BLOB_CREATED, subject: '/blobServices/default' })).ok).toBe(false);
  });
});
