/** The shapes that single settings must have; each message says what is expected. */
import { z } from 'zod';
import { parseDurationMs } from './duration.ts';
import { Secret } from './secret.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOST_AND_PORT = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:([1-9]\d{0,4})$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const MIN_SECRET_BYTES = 32;
const MAX_ALLOWED_HOSTS = 20;
const CRON_FIELD = '(?:\\*|\\d{1,2}(?:-\\d{1,2})?)(?:/\\d{1,2})?';
const CRON_LIST = `${CRON_FIELD}(?:,${CRON_FIELD})*`;
const CRON = new RegExp(`^${Array(6).fill(CRON_LIST).join(' ')}$`);

export const guid = z.string().regex(GUID, 'must be a GUID, for example 00000000-0000-0000-0000-000000000000');

export const resourceGroupName = z
  .string()
  .regex(/^[\w().-]{0,89}[\w()-]$/, 'must be the name of a resource group (letters, digits, . _ - and parentheses)');

export const workspaceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{2,32}$/i, 'must be the name of an Azure ML workspace (3-33 letters, digits, - and _)');

/** An https address without query; no trailing slash in the result. */
export const httpsEndpoint = z.string().transform((text, ctx) => {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && isBare(url)) return withoutTrailingSlash(url);
  ctx.addIssue({ code: 'custom', message: 'must be an https address without user, query and fragment' });
  return z.NEVER;
});

/** Where people's browsers reach the app: https, or plain http on loopback. */
export const publicUrl = z.string().transform((text, ctx) => {
  const url = URL.parse(text);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url && safe && isBare(url)) return withoutTrailingSlash(url);
  ctx.addIssue({ code: 'custom', message: 'must be an https address (http only on localhost or 127.0.0.1)' });
  return z.NEVER;
});

/** The address of an app that only knows its host name, as Azure Functions tells it. */
export function urlOfHostName(hostName: string): string {
  const local = LOOPBACK.has(hostName.replace(/:\d+$/, ''));
  return `${local ? 'http' : 'https'}://${hostName}`;
}

/** base64url of at least 32 bytes. */
export const secret = z.string().transform((text, ctx) => {
  const bytes = /^[A-Za-z0-9_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  if (bytes.byteLength >= MIN_SECRET_BYTES) return new Secret(new Uint8Array(bytes));
  ctx.addIssue({
    code: 'custom',
    message: `must be base64url text of at least ${MIN_SECRET_BYTES} random bytes; make one with: openssl rand -base64 48 | tr '+/' '-_' | tr -d '='`,
  });
  return z.NEVER;
});

/** `host:port,host:port`; empty means none. */
export const allowedHosts = z.string().transform((text, ctx) => {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
  const wrong = hosts.filter((host) => !isHostAndPort(host));
  if (wrong.length === 0 && hosts.length <= MAX_ALLOWED_HOSTS) return hosts;
  const message = `must be at most ${MAX_ALLOWED_HOSTS} entries host:port, separated by commas`;
  ctx.addIssue({
    code: 'custom',
    message: wrong.length > 0 ? `${message}; these are none: ${wrong.join(', ')}` : message,
  });
  return z.NEVER;
});

export const schedule = z
  .string()
  .regex(
    CRON,
    'must be a schedule of six fields {second} {minute} {hour} {day} {month} {day-of-week}, for example "0 */5 * * * *"',
  );

export const eventAge = z.string().transform((text, ctx) => {
  const ms = parseDurationMs(text);
  if (ms !== null && ms >= 60_000 && ms <= 7 * 86_400_000) return ms;
  ctx.addIssue({ code: 'custom', message: 'must be a duration from 1m to 7d, for example "1d"' });
  return z.NEVER;
});

function isBare(url: URL): boolean {
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function withoutTrailingSlash(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

function isHostAndPort(text: string): boolean {
  return Number(HOST_AND_PORT.exec(text)?.[2] ?? Number.NaN) <= 65_535;
}

export const storageAccountId = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z0-9]{3,24}$/i,
    'must be the ARM id of a storage account',
  );
