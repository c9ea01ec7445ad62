/** What every AuditLog and EvidenceStore promises, the real adapters and those in memory alike. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { EventRecord, RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { RetrainingRecord } from '../../../src/domain/audit/retraining-record.ts';
import type { AuditLog, EvidenceStore } from '../../../src/ports/records.ts';

export const RECORD: RolloutRecord = {
  rolloutId: 'rollout.flights.air-time.2.1',
  sequence: 1,
  atIso: '2026-03-01T12:00:00.000Z',
  kind: 'phase-changed',
  endpoint: 'flights',
  model: 'air-time',
  version: '2',
  attempt: 1,
  green: 'air-time-00000000',
  from: 'queued',
  phase: 'preparing',
  reason: 'Endpoint flights is free: "go" for it; 100 % – as planned.',
  actor: 'policy',
  split: { traffic: { blue: 100 }, mirror: {} },
  decision: null,
  evidence: null,
  code: null,
  failedMetrics: [],
};

export const RETRAINING: RetrainingRecord = {
  retrainingId: 'retrain.flights.air-time.0123456789abcdef',
  sequence: 1,
  atIso: '2026-03-01T12:00:00.000Z',
  endpoint: 'flights',
  model: 'air-time',
  trigger: 'drift',
  triggerReference: 'run/1#2?',
  from: 'requested',
  phase: 'confirming',
  reason: 'The monitor reports drift of "distance" – version 1 serves.',
  actor: 'policy',
  champion: '1',
  data: null,
  job: null,
  version: null,
  evidence: null,
};

export const EVENT: EventRecord = {
  eventId: '1/2#3?4\\5 é',
  atIso: '2026-03-01T12:00:00.000Z',
  type: 'Microsoft.MachineLearningServices.ModelRegistered',
  source: '/subscriptions/s',
  subject: 'models/air-time:2',
  outcome: 'started',
  code: 'started',
  reason: 'A rollout was started.',
  rolloutId: RECORD.rolloutId,
};

export function describeAuditLog(name: string, open: () => AuditLog): void {
  describe(`${name} as an AuditLog`, () => {
    let audit: AuditLog;
    beforeAll(() => {
      audit = open();
    });

    test('records of a rollout are listed in order of sequence, each as it was written', async () => {
      const rolloutId = 'rollout.a.b.1.1';
      const failedMetrics = ['errors', 'latency'] as const;
      const records = [11, 2, 10, 1].map((sequence) => ({ ...RECORD, rolloutId, sequence, failedMetrics }));
      for (const record of records) await audit.append(record);
      await audit.append({ ...RECORD, rolloutId: 'rollout.a.b.1.2' });
      const listed = await audit.listRollout(rolloutId);
      expect(listed).toEqual([...records].sort((a, b) => a.sequence - b.sequence));
    });

    test('every member survives, also those that are null', async () => {
      const rolloutId = 'rollout.a.b.2.1';
      const full: RolloutRecord = { ...RECORD, rolloutId, sequence: 0, from: null, split: null };
      const judged = { decision: 'rollback', evidence: 'x/look-000001.json', code: 'canary-failed' } as const;
      const other: RolloutRecord = { ...RECORD, rolloutId, sequence: 1, ...judged };
      await audit.append(full);
      await audit.append(other);
      expect(await audit.listRollout(rolloutId)).toEqual([full, other]);
    });

    test('a repeated record changes nothing', async () => {
      const rolloutId = 'rollout.a.b.3.1';
      await audit.append({ ...RECORD, rolloutId });
      await audit.append({ ...RECORD, rolloutId, reason: 'something else' });
      expect(await audit.listRollout(rolloutId)).toEqual([{ ...RECORD, rolloutId }]);
    });

    test('an unknown rollout has no records', async () => {
      expect(await audit.listRollout('rollout.nobody')).toEqual([]);
    });

    test('records of a retraining are listed in order of sequence, apart from those of rollouts, and never changed', async () => {
      const { retrainingId } = RETRAINING;
      const ended: RetrainingRecord = {
        ...RETRAINING,
        sequence: 12,
        from: 'registering',
        phase: 'registered',
        data: 'azureml:rows:7',
        job: 'slipway-air-time-0',
        version: '2',
        evidence: `${retrainingId}/gate.json`,
      };
      await audit.appendRetraining(ended);
      await audit.appendRetraining({ ...RETRAINING, sequence: 2 });
      await audit.appendRetraining({ ...RETRAINING, sequence: 2, reason: 'something else' });
      await audit.appendRetraining({ ...RETRAINING, retrainingId: `${retrainingId}0` });
      await audit.append({ ...RECORD, rolloutId: retrainingId.replace('retrain', 'rollout') });
      expect(await audit.listRetraining(retrainingId)).toEqual([{ ...RETRAINING, sequence: 2 }, ended]);
      expect(await audit.listRetraining('retrain.nobody')).toEqual([]);
    });

    test('an event is recorded once, whatever its id looks like', async () => {
      expect(await audit.recordEvent(EVENT)).toBe(true);
      expect(await audit.recordEvent({ ...EVENT, outcome: 'refused' })).toBe(false);
      expect(await audit.recordEvent({ ...EVENT, eventId: 'x'.repeat(2000) })).toBe(true);
      expect(await audit.recordEvent({ ...EVENT, eventId: `${'x'.repeat(1999)}y` })).toBe(true);
    });
  });
}

export function describeEvidenceStore(name: string, open: () => EvidenceStore): void {
  describe(`${name} as an EvidenceStore`, () => {
    let store: EvidenceStore;
    beforeAll(() => {
      store = open();
    });

    test('a document is read back as it was put', async () => {
      const document = { text: 'é', list: [1, { deep: null }], number: 0.1 };
      await store.put('rollout.a.1/look-000001.json', document);
      expect(await store.get('rollout.a.1/look-000001.json')).toEqual(document);
    });

    test('the first document of a name stays', async () => {
      await store.put('rollout.a.1/look-000002.json', { look: 'first' });
      await store.put('rollout.a.1/look-000002.json', { look: 'second' });
      expect(await store.get('rollout.a.1/look-000002.json')).toEqual({ look: 'first' });
    });

    test('an absent document is null', async () => {
      expect(await store.get('rollout.a.1/look-000099.json')).toBeNull();
    });

    test('a document of half a mebibyte is kept whole', async () => {
      const document = { filler: 'x'.repeat(512 * 1024) };
      await store.put('rollout.a.1/large.json', document);
      expect(await store.get('rollout.a.1/large.json')).toEqual(document);
    });
  });
}
