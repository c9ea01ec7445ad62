/** Lock tokens on the wire: a delivery tag is the token as .NET lays out a GUID, three groups reversed. */
import rhea from 'rhea';

const PLAIN_POSITIONS = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

export function tagOfToken(token: string): Buffer {
  return reorder(rhea.string_to_uuid(token));
}

/** Undefined when the tag is none of ours. */
export function tokenOfTag(tag: Buffer | string): string | undefined {
  return typeof tag !== 'string' && tag.length === 16 ? rhea.uuid_to_string(reorder(tag)) : undefined;
}

/** Management requests carry tokens in plain order. */
export function bytesOfToken(token: string): Buffer {
  return rhea.string_to_uuid(token);
}

export function tokenOfBytes(bytes: Buffer): string {
  return rhea.uuid_to_string(bytes);
}

/** Its own inverse. */
function reorder(bytes: Buffer): Buffer {
  return Buffer.from(PLAIN_POSITIONS.map((position) => bytes[position] ?? 0));
}
