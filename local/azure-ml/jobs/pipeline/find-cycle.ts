/** Finds a circle in what needs what. */

/** Names along one circle, the first repeated at the end; undefined when there is none. */
export function cycleOf(needs: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const free = new Set<string>();
  for (const start of needs.keys()) {
    const circle = walk(needs, free, [start]);
    if (circle) return circle;
  }
  return undefined;
}

function walk(
  needs: ReadonlyMap<string, readonly string[]>,
  free: Set<string>,
  path: readonly string[],
): readonly string[] | undefined {
  const last = path.at(-1) ?? '';
  const seenAt = path.indexOf(last);
  if (seenAt < path.length - 1) return path.slice(seenAt);
  if (free.has(last)) return undefined;
  for (const next of needs.get(last) ?? []) {
    const circle = walk(needs, free, [...path, next]);
    if (circle) return circle;
  }
  free.add(last);
  return undefined;
}
