/** Times as the wire shows them: ISO 8601 in UTC, with the seven fraction digits of .NET. */
export function wireTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '0000Z');
}
