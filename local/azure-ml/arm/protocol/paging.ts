/** Cuts a list into ARM pages; the continuation token in `$skip` is the index of the next item. */
import type { ArmCall, ArmReply } from './arm-call.ts';
import { ArmError } from './arm-error.ts';

const DEFAULT_PAGE_ITEMS = 30;
const MAX_PAGE_ITEMS = 1000;

/** Page sizes come from `$top` or `count`, whichever the list knows; both bound one page, not the whole answer. */
export function page<Item>(call: ArmCall, items: readonly Item[], show: (item: Item) => unknown): ArmReply {
  const size = wholeNumber(call, '$top') ?? wholeNumber(call, 'count') ?? DEFAULT_PAGE_ITEMS;
  const start = wholeNumber(call, '$skip') ?? 0;
  const end = start + Math.min(Math.max(size, 1), MAX_PAGE_ITEMS);
  const value = items.slice(start, end).map(show);
  return { status: 200, body: end < items.length ? { value, nextLink: nextLink(call, end) } : { value } };
}

function nextLink(call: ArmCall, skip: number): string {
  const url = new URL(call.url, call.baseUrl);
  for (const name of [...url.searchParams.keys()]) {
    if (name.toLowerCase() === '$skip') url.searchParams.delete(name);
  }
  url.searchParams.set('$skip', String(skip));
  return url.href;
}

function wholeNumber(call: ArmCall, name: string): number | undefined {
  const text = call.query(name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ArmError(400, 'BadRequest', `The query parameter ${name}='${text}' is not a whole number.`);
}
