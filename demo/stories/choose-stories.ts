/** Which stories run: the chosen ones and those that they need, in the demo's order; all when none is chosen. */
import type { Story } from './story.ts';

/** Fails with every name that is no story. */
export function chooseStories(stories: readonly Story[], chosen: readonly string[]): readonly Story[] {
  if (chosen.length === 0) return stories;
  const unknown = chosen.filter((name) => !stories.some((story) => story.name === name));
  if (unknown.length > 0) {
    const known = stories.map(({ name }) => name).join(', ');
    throw new Error(`There is no story ${unknown.map((name) => `"${name}"`).join(', ')}. The stories are ${known}.`);
  }
  const wanted = new Set<string>();
  const want = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const needed of stories.find((story) => story.name === name)?.needs ?? []) want(needed);
  };
  for (const name of chosen) want(name);
  return stories.filter(({ name }) => wanted.has(name));
}

export function listOf(stories: readonly Story[]): string {
  const width = Math.max(...stories.map(({ name }) => name.length));
  return stories
    .map(({ name, title, needs = [] }) => {
      const after = needs.length > 0 ? ` (runs ${needs.join(', ')} before)` : '';
      return `  ${name.padEnd(width)}  ${title}${after}\n`;
    })
    .join('');
}
