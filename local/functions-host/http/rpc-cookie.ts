/** Writes the library's cookie shape as a `Set-Cookie` value (RFC 6265). */
import { z } from 'zod';

const text = z.looseObject({ value: z.string().optional() }).nullish();
const flag = z.looseObject({ value: z.boolean().optional() }).nullish();

export const cookieSchema = z.looseObject({
  name: z.string(),
  value: z.string(),
  domain: text,
  path: text,
  expires: z.looseObject({ value: z.looseObject({ seconds: z.number() }).optional() }).nullish(),
  secure: flag,
  httpOnly: flag,
  /** `none` means unspecified, `explicitNone` the attribute `SameSite=None`. */
  sameSite: z.enum(['none', 'lax', 'strict', 'explicitNone']).default('none'),
  maxAge: z.looseObject({ value: z.number().optional() }).nullish(),
});

const SAME_SITE = { none: undefined, lax: 'Lax', strict: 'Strict', explicitNone: 'None' } as const;

export function serializeCookie(cookie: z.infer<typeof cookieSchema>): string {
  const seconds = cookie.expires?.value?.seconds;
  const attributes: readonly (readonly [string, string | number | boolean | undefined])[] = [
    ['Expires', seconds === undefined ? undefined : new Date(seconds * 1000).toUTCString()],
    ['Max-Age', cookie.maxAge?.value],
    ['Domain', cookie.domain?.value],
    ['Path', cookie.path?.value],
    ['Secure', cookie.secure?.value],
    ['HttpOnly', cookie.httpOnly?.value],
    ['SameSite', SAME_SITE[cookie.sameSite]],
  ];
  const written = attributes.flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return [value === true ? name : `${name}=${value}`];
  });
  return [`${cookie.name}=${encodeURIComponent(cookie.value)}`, ...written].join('; ');
}
