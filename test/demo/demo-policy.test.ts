/** The demo's policy differs from the example's in durations only. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { withDemoDurations } from '../../demo/demo-policy.ts';
import { parsePolicy } from '../../src/config/policy-document.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/flights');
const text = await readFile(join(EXAMPLES, 'policy.yaml'), 'utf8');

test('the app accepts it', () => {
  const reading = parsePolicy('flights.yaml', withDemoDurations(text), EXAMPLES);
  expect(reading).toMatchObject({ ok: true });
});

test('what decides is the same: steps, samples, margins, smoke test, approval weights', () => {
  const before = parse(text);
  const after = parse(withDemoDurations(text));
  for (const part of ['steps', 'smokeTest', 'keep', 'whenBusy', 'endpoint', 'model']) {
    expect(after[part]).toEqual(before[part]);
  }
  expect({ ...after.shadow, dwellBuckets: 0 }).toEqual({ ...before.shadow, dwellBuckets: 0 });
  expect({ ...after.metrics, bucketSeconds: 0 }).toEqual({ ...before.metrics, bucketSeconds: 0 });
  expect(after.approval.before).toEqual(before.approval.before);
  expect(after.metrics.bucketSeconds).toBe(2);
});

test('a policy without one of the durations is refused', () => {
  expect(() => withDemoDurations('name: flights\nmetrics: { bucketSeconds: 60 }\n')).toThrow(/has no deployment/);
});
