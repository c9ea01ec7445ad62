/** Decides which headers cross the router: everything but those of one connection, the caller's secret and the traces. */

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** RFC 9110 section 7.6.1, and lengths that the next connection sets itself. */
const OF_ONE_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
];
const NOT_TO_MODEL = new Set([
  ...OF_ONE_CONNECTION,
  'host',
  'authorization',
  'x-request-id',
  'x-ms-request-id',
  'x-ms-client-request-id',
]);
const NOT_TO_CALLER = new Set([
  ...OF_ONE_CONNECTION,
  'date',
  'server',
  'x-request-id',
  'x-ms-request-id',
  'x-ms-client-request-id',
]);

export interface TraceIds {
  readonly xRequestId: string;
  /** Empty when the caller sent none. */
  readonly xmsClientRequestId: string;
}

export function headersToModel(given: Headers, ids: TraceIds): Record<string, string | string[]> {
  return { ...without(given, NOT_TO_MODEL), ...traceHeaders(ids) };
}

export function headersToCaller(given: Headers): Record<string, string | string[]> {
  return without(given, NOT_TO_CALLER);
}

export function traceHeaders(ids: TraceIds): Record<string, string> {
  const client = ids.xmsClientRequestId === '' ? {} : { 'x-ms-client-request-id': ids.xmsClientRequestId };
  return { 'x-request-id': ids.xRequestId, ...client };
}

/** "Online endpoints for real-time inference": letters, digits, `-` and `_`; cut to 40 characters. */
export function clientRequestId(given: string | string[] | undefined): string {
  return String(given ?? '')
    .replace(/[^A-Za-z0-9_-]/g, '')
    .slice(0, 40);
}

function without(given: Headers, left: ReadonlySet<string>): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !left.has(name)) kept[name] = value;
  }
  return kept;
}
