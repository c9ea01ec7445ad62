/** The one error type of the ARM surface: a status and ARM's `{error:{code,message,target,details}}` body. */
import type { z } from 'zod';

/** One nested problem of an ARM error. */
export interface ArmErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** Thrown by handlers; the server turns it into an answer. */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number;
  readonly code: string;
  readonly details: readonly ArmErrorDetail[];

  constructor(status: number, code: string, message: string, details: readonly ArmErrorDetail[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** JSON body of an ARM error; members that are empty are left out. */
export function armErrorBody(error: { code: string; message: string; details?: readonly ArmErrorDetail[] }): object {
  const { code, message, details = [] } = error;
  return { error: { code, message, ...(details.length > 0 ? { details } : {}) } };
}

export function notFound(id: string): ArmError {
  return new ArmError(
    404,
    'ResourceNotFound',
    `The resource '${id}' was not found. Check its name, or create it first.`,
  );
}

/** One refusal that lists every problem found; as in Azure, the reasons are in the details only. */
export function badRequest(details: readonly ArmErrorDetail[]): ArmError {
  return new ArmError(400, 'BadRequest', 'The request is invalid; its details say why.', details);
}

/** Parses `body` or throws one 400 that names every wrong member by its path. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw badRequest(
    parsed.error.issues.map((issue) => {
      const target = issue.path.join('.');
      return { code: 'ValidationError', message: `${target || 'body'}: ${issue.message}.`, target };
    }),
  );
}
