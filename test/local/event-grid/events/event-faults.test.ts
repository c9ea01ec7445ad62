/** Which deliveries follow from an accepted event while faults are armed. */
import { expect, test } from 'vitest';
import { EventFaults } from '../../../../local/event-grid/events/event-faults.ts';
import type { GridEvent } from '../../../../local/event-grid/events/grid-event.ts';

function event(type: string): GridEvent {
  const empty = { id: type, subject: '', timeIso: '', data: {}, dataVersion: '', acceptedAtMs: 0 };
  return { inputSchema: 'EventGridSchema', topicId: '/t', type, ...empty };
}

const released = (faults: EventFaults, type: string) => faults.apply(event(type)).map((one) => one.event.type);

test('without faults an event is delivered once, at once', () => {
  expect(new EventFaults().apply(event('A'))).toMatchObject([{ event: { type: 'A' }, delayMs: 0 }]);
});

test('reordered events are held until all have come and leave last first', () => {
  const faults = new EventFaults();
  faults.arm({ type: 'reorder', count: 3 });
  expect(['A', 'B', 'C', 'D'].map((type) => released(faults, type))).toEqual([[], [], ['C', 'B', 'A'], ['D']]);
});

test('a fault waits for its event type and is forgotten after its count', () => {
  const faults = new EventFaults();
  faults.arm({ type: 'drop', count: 2, eventType: 'Model' });
  expect(['Run', 'Model1', 'Model2', 'Model3'].map((type) => released(faults, type))).toEqual([
    ['Run'],
    [],
    [],
    ['Model3'],
  ]);
});

test('clearing forgets faults and held events', () => {
  const faults = new EventFaults();
  faults.arm({ type: 'reorder', count: 2 });
  released(faults, 'A');
  faults.clear();
  expect(released(faults, 'B')).toEqual(['B']);
});
