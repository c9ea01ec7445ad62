/** Errors in the envelope that Event Grid and Azure Resource Manager share. */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';

/** Sends `{error:{code,message,details}}`. */
export function answerError(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
  details: readonly string[] = [],
): FastifyReply {
  const error = { code, message, details: details.map((detail) => ({ code, message: detail })) };
  return reply.code(status).send({ error });
}

const CODES: Readonly<Record<number, string>> = { 400: 'BadRequest', 413: 'PayloadTooLarge', 415: 'BadRequest' };

/** Gives refusals of the server itself (bad JSON, a body over the limit) the same envelope. */
export function useErrorEnvelope(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    return answerError(reply, status, CODES[status] ?? 'InternalServerError', error.message);
  });
  app.setNotFoundHandler((request, reply) =>
    answerError(reply, 404, 'ResourceNotFound', `Nothing is at ${request.method} ${request.url.split('?')[0]}.`),
  );
}
