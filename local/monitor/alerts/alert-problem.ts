/** A control-plane request on alert rules or action groups that is refused. */
import type { z } from 'zod';

export class AlertProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(message: string, status = 400, code = 'BadRequest') {
    super(message);
    this.name = 'AlertProblem';
    this.status = status;
    this.code = code;
  }
}

/** The parsed body, or a problem that names the path of every fault. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  throw new AlertProblem(`The ${what} is not valid. ${faults.join(' ')}`);
}
