/** Reads link addresses: an entity path, its management node, or the node that takes tokens. */

export type LinkAddress =
  | { readonly type: 'tokens' }
  | { readonly type: 'management'; readonly path: string }
  | { readonly type: 'entity'; readonly path: string };

const MANAGEMENT = /\/\$management$/i;

/** `queue`, `topic/Subscriptions/name`, both with `/$deadletterqueue` or `/$management`; or `$cbs`. */
export function readAddress(address: string): LinkAddress {
  if (address === '$cbs') return { type: 'tokens' };
  const path = pathOf(address);
  if (MANAGEMENT.test(path)) return { type: 'management', path: path.replace(MANAGEMENT, '') };
  return { type: 'entity', path };
}

/** The path of an address or audience, without scheme, host and outer slashes. */
export function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
}
