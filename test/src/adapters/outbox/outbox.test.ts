/** Events for a topic that is away: kept in Azurite, sent later in order, once the topic takes them again. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliverLater } from '../../../../src/adapters/deliver-later.ts';
import { publishEverywhere } from '../../../../src/adapters/publish-everywhere.ts';
import { createOutbox } from '../../../../src/adapters/storage/create-outbox.ts';
import { createFlushOutbox } from '../../../../src/functions/timers/flush-outbox.ts';
import type { OutgoingEvent } from '../../../../src/ports/events.ts';
import type { Outbox } from '../../../../src/ports/outbox.ts';
import { type AzuriteFixture, openAzurite } from '../../../azurite-fixture.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';
import { testCredential } from '../token-credential.ts';

let azurite: AzuriteFixture;
let outbox: Outbox;
beforeAll(async () => {
  azurite = await openAzurite();
  outbox = createOutbox(azurite.blobUrl, testCredential);
});
afterAll(() => azurite.stop());

let topic: RecordingPublisher;
let nowMs: number;
beforeEach(async () => {
  topic = new RecordingPublisher();
  nowMs = 0;
  for (const event of await outbox.oldest(100)) await outbox.remove(event);
});

const publisher = () => deliverLater(topic, outbox, { nowMs: () => nowMs });
const kept = async () => (await outbox.oldest(100)).map(({ id }) => id);

function anEvent(id: string, second = 0): OutgoingEvent {
  const timeIso = new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString();
  return { id, type: 'Slipway.Rollout.PhaseChanged', subject: 's', timeIso, data: { phase: 'watching', split: null } };
}

describe('a topic that is away', () => {
  test('gets its events later, the oldest first, as they were but for what is confidential', async () => {
    topic.failures = 1;
    const late = publisher();
    await late.publish(anEvent('later', 9));
    await late.publish({ ...anEvent('a/b?c', 1), confidential: { approveUrl: 'https://x?token=t' } });
    expect(await kept()).toEqual(['a/b?c', 'later']);
    expect(await createFlushOutbox(outbox, topic)()).toBe(2);
    expect(topic.published).toEqual([anEvent('a/b?c', 1), anEvent('later', 9)]);
    expect(await kept()).toEqual([]);
  });

  test('is left alone for half a minute, then tried again', async () => {
    topic.failures = 1;
    const late = publisher();
    await late.publish(anEvent('first'));
    nowMs = 29_000;
    await late.publish(anEvent('second'));
    nowMs = 31_000;
    await late.publish(anEvent('third'));
    expect(topic.published.map(({ id }) => id)).toEqual(['third']);
    expect((await kept()).sort()).toEqual(['first', 'second']);
  });

  test('that refuses again keeps what it did not take', async () => {
    await outbox.put(anEvent('one', 1));
    await outbox.put(anEvent('two', 2));
    topic.failures = 1;
    await expect(createFlushOutbox(outbox, topic)()).rejects.toThrow('away');
    expect(await kept()).toEqual(['one', 'two']);
    expect(await createFlushOutbox(outbox, topic)()).toBe(2);
  });

  test('an event that is put or removed twice is there once, and gone once', async () => {
    await outbox.put(anEvent('twice'));
    await outbox.put(anEvent('twice'));
    expect(await kept()).toEqual(['twice']);
    await outbox.remove(anEvent('twice'));
    await outbox.remove(anEvent('twice'));
    expect(await kept()).toEqual([]);
  });
});

describe('several topics', () => {
  test('all get an event; one that fails does not silence the others, and the caller hears of it', async () => {
    const other = new RecordingPublisher();
    const everywhere = publishEverywhere([topic, other]);
    await everywhere.publish(anEvent('one'));
    topic.failures = 1;
    await expect(everywhere.publish(anEvent('two'))).rejects.toThrow('The topic is away.');
    expect(other.published.map(({ id }) => id)).toEqual(['one', 'two']);
    topic.failures = 1;
    other.failures = 1;
    await expect(everywhere.publish(anEvent('three'))).rejects.toThrow('reached none of 2 topics');
  });
});
