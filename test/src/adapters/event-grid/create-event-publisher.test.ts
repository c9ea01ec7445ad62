/** The Event Grid adapter against the local Event Grid: the envelope, stable ids, and a topic that is away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { systemClock } from '../../../../local/emulator/clock.ts';
import { type RunningEventGrid, startEventGrid } from '../../../../local/event-grid/start-event-grid.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createEventPublisher } from '../../../../src/adapters/event-grid/create-event-publisher.ts';
import type { EventPublisher, OutgoingEvent } from '../../../../src/ports/events.ts';
import { testCredential, verifyTestToken } from '../token-credential.ts';

const EVENT: OutgoingEvent = {
  id: 'rollout.a.1',
  type: 'Slipway.Rollout.PhaseChanged',
  subject: 'rollouts/rollout.a',
  timeIso: '2026-03-01T12:00:00.000Z',
  data: { phase: 'watching', split: null },
};

let folder: string;
let grid: RunningEventGrid;
let publisher: EventPublisher;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-grid-'));
  const tls = await ensureDevCertificates(folder);
  trustDevCa(tls.ca);
  grid = await startEventGrid({
    port: 0,
    clock: systemClock,
    tls,
    verifyBearer: verifyTestToken,
    topics: [{ name: 'slipway', subscriptionId: 's', resourceGroup: 'rg', inputSchema: 'CloudEventSchemaV1_0' }],
    systemSources: [],
    writeDeadLetter: async () => 'written',
  });
  const eventTopicEndpoint = grid.topic('slipway').endpoint;
  publisher = createEventPublisher({ eventTopicEndpoint, workspace: 'mlw-models' }, testCredential);
});
afterAll(async () => {
  await grid.stop();
  rmSync(folder, { recursive: true });
});

test('an event arrives with its own id, source, subject, time and data', async () => {
  await publisher.publish(EVENT);
  expect(grid.accepted().at(-1)?.cloudEvent).toMatchObject({
    specversion: '1.0',
    id: 'rollout.a.1',
    type: 'Slipway.Rollout.PhaseChanged',
    source: '/slipway/mlw-models',
    subject: 'rollouts/rollout.a',
    time: '2026-03-01T12:00:00.000Z',
    data: { phase: 'watching', split: null },
  });
});

test('what is confidential is part of the data here: this topic notifies people', async () => {
  await publisher.publish({ ...EVENT, id: 'asked', confidential: { approveUrl: 'https://slipway.example/a' } });
  expect(grid.accepted().at(-1)?.cloudEvent).toMatchObject({
    data: { phase: 'watching', approveUrl: 'https://slipway.example/a' },
  });
});

test('an event that is published twice has the same id', async () => {
  await publisher.publish({ ...EVENT, id: 'twice' });
  await publisher.publish({ ...EVENT, id: 'twice' });
  expect(grid.accepted().filter(({ id }) => id === 'twice')).toHaveLength(2);
});

test('a topic that is away for a moment costs a retry, one that stays away makes it throw', async () => {
  const fault = { type: 'fail', status: 503 } as const;
  grid.faults.arm({ match: { method: 'POST', path: '/api/events' }, action: fault });
  await publisher.publish({ ...EVENT, id: 'after-a-retry' });
  expect(grid.accepted().filter(({ id }) => id === 'after-a-retry')).toHaveLength(1);
  grid.faults.arm({ match: { method: 'POST', path: '/api/events' }, action: fault, times: 3 });
  await expect(publisher.publish(EVENT)).rejects.toThrow();
});
