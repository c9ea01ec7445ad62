/** An ordinary one-sided z-test on pooled error counts, looked at every minute: what repeated looking does to a p-value. */
import type { RulePort } from './rule-port.ts';

/** p < 0.01. */
const Z = 2.3263478740408408;

export const zPeeking: RulePort = {
  name: 'z-test peeking',
  about: 'pooled one-sided z-test on errors, p < 0.01 at every look',
  firstRollback({ buckets, scenario }) {
    const sums = { x: 0, n: 0, y: 0, m: 0 };
    for (let look = scenario.warmUpBuckets; look < buckets.length; look++) {
      const bucket = buckets[look];
      if (!bucket) break;
      sums.x += bucket.green.errors;
      sums.n += bucket.green.requests;
      sums.y += bucket.blue.errors;
      sums.m += bucket.blue.requests;
      const pooled = (sums.x + sums.y) / (sums.n + sums.m);
      const error = Math.sqrt(pooled * (1 - pooled) * (1 / sums.n + 1 / sums.m));
      if (error > 0 && (sums.x / sums.n - sums.y / sums.m) / error > Z) return look;
    }
    return -1;
  },
};
