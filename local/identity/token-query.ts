/** Accepts exactly the token queries that the App Service identity endpoint documents. */
import { z } from 'zod';

const one = (name: string) => z.string({ error: `The query needs ${name}, once.` });

export const tokenQuerySchema = z.object({
  'api-version': one('api-version').refine((version) => version === '2019-08-01', {
    error: 'The api-version must be 2019-08-01.',
  }),
  resource: one('resource').pipe(
    z
      .string()
      .max(500)
      .regex(/^[\x21-\x7e]+$/, 'The resource must be a URI.'),
  ),
  client_id: z.string().max(100).optional(),
});
