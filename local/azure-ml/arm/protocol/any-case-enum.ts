/** Enumerations as the service reads them: in any case; the canonical spelling is kept. */
import { z } from 'zod';

export function anyCaseEnum<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.preprocess(
    (given) =>
      typeof given === 'string'
        ? (values.find((value) => value.toLowerCase() === given.toLowerCase()) ?? given)
        : given,
    z.enum(values),
  );
}
