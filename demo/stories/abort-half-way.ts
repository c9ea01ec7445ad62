/** The operator who aborts a good version while it has a share of the live traffic. */
import { rolloutIdOf } from '../azure/scenario-names.ts';
import type { DemoContext, Interference, StoryRun } from './story.ts';

export const ABORTED = 'abort: 202';

export function abortHalfWay({ app, say }: DemoContext, { version, checks }: StoryRun): Interference {
  let aborted = false;
  return async (audit) => {
    if (aborted || audit.at(-1)?.phase !== 'watching') return;
    aborted = true;
    const { status, code } = await app.command(
      rolloutIdOf(version),
      'abort',
      'The airline changed its schedule; wait.',
    );
    checks.push(`abort: ${[status, code].filter(Boolean).join(' ')}`);
    say(`Operator: ${checks.at(-1)}`);
  };
}
