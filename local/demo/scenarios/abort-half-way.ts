/** The operator who aborts a good version while it has a share of the live traffic. */
import { rolloutIdOf } from '../azure/scenario-names.ts';
import type { DemoContext, Interference } from './scenario.ts';

export const ABORTED = 'abort: 202';

export function abortHalfWay(version: string): (context: DemoContext, checks: string[]) => Interference {
  return ({ app, say }, checks) => {
    let aborted = false;
    return async (audit) => {
      if (aborted || audit.at(-1)?.phase !== 'watching') return;
      aborted = true;
      const { status, code } = await app.abort(rolloutIdOf(version), 'The airline changed its schedule; wait.');
      checks.push(`abort: ${[status, code].filter(Boolean).join(' ')}`);
      say(`Operator: ${checks.at(-1)}`);
    };
  };
}
