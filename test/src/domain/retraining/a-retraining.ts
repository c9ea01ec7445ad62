/** A retraining of drift that was just asked for, and records of its trail; tests change what they are about. */
import type { RetrainingRecord } from '../../../../src/domain/audit/retraining-record.ts';
import type { EndpointName, ModelName } from '../../../../src/domain/ids/names.ts';
import { newRetrainingState, type RetrainingState } from '../../../../src/domain/retraining/state.ts';
import { aRetrainingPolicy } from '../a-retraining-policy.ts';

export const ASKED = '2026-03-01T12:00:00.000Z';

export function aRetraining(changes: Partial<RetrainingState> = {}): RetrainingState {
  const request = {
    retrainingId: 'retrain.flights.air-time.0123456789abcdef',
    endpoint: 'flights' as EndpointName,
    model: 'air-time' as ModelName,
    policy: aRetrainingPolicy(),
    trigger: { kind: 'drift', reference: 'event-1', sentence: 'Drift was found.' } as const,
    ignoreCoolDown: false,
    jobName: 'slipway-air-time-0123456789abcdef',
  };
  return { ...newRetrainingState(request, ASKED), ...changes };
}

export function aRecord(changes: Partial<RetrainingRecord> = {}): RetrainingRecord {
  return {
    retrainingId: 'retrain.flights.air-time.0123456789abcdef',
    sequence: 1,
    atIso: ASKED,
    endpoint: 'flights',
    model: 'air-time',
    trigger: 'drift',
    triggerReference: 'event-1',
    from: 'requested',
    phase: 'validating',
    reason: 'r',
    actor: 'policy',
    champion: null,
    data: null,
    job: null,
    version: null,
    evidence: null,
    ...changes,
  };
}
