/** The rules that Slipway is compared with. */
import { kayenta } from './kayenta.ts';
import type { RulePort } from './rule-port.ts';
import { alarm, argoRollouts, flagger } from './thresholds.ts';
import { zPeeking } from './z-peeking.ts';

const STRICT = { successPercent: 99, p99Ms: 500 } as const;
const LOOSE = { successPercent: 98, p99Ms: 800 } as const;

export const OTHER_RULES: readonly RulePort[] = [
  kayenta(5),
  kayenta(50),
  flagger(STRICT, 5),
  flagger(LOOSE, 5),
  argoRollouts(LOOSE, 3),
  alarm(LOOSE, 1, 1),
  zPeeking,
];
