/** Reads a cron expression of five fields, as schedules use them. */
import { Cron } from 'croner';

/** Throws with the reason when the expression is none. */
export function cronOf(expression: string, timezone: string): Cron {
  return new Cron(expression, { paused: true, timezone, mode: '5-part' });
}
