import { expect, test } from 'vitest';
import { durationMs } from '../../../local/azure-ml/arm/protocol/iso-duration.ts';

test.each([
  ['PT5S', 5000],
  ['PT0.5S', 500],
  ['PT1M30S', 90_000],
  ['P1DT2H', 93_600_000],
  ['PT0S', 0],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['PT1M1H', undefined],
  ['5', undefined],
  ['P1M', undefined],
])('%s lasts %s ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});
