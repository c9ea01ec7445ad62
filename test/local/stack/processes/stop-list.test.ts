/** Stopping is last first, complete, and done once. */
import { expect, test } from 'vitest';
import { createStopList } from '../../../../local/stack/processes/stop-list.ts';

test('services stop in the reverse order of starting, each once, also when one fails', async () => {
  const stopped: string[] = [];
  const lines: string[] = [];
  const stops = createStopList((line) => lines.push(line));
  stops.add('first', { stop: async () => void stopped.push('first') });
  stops.add('second', { stop: () => Promise.reject(new Error('stuck')) });
  stops.add('third', { stop: async () => void stopped.push('third') });
  await Promise.all([stops.stop(), stops.stop()]);
  await stops.stop();
  expect(stopped).toEqual(['third', 'first']);
  expect(lines).toEqual([expect.stringContaining('second did not stop cleanly')]);
});
