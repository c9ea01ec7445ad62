/** Which stories run, in which order, and that each finds what set-up makes for it. */
import { describe, expect, test } from 'vitest';
import { FIRST_STORY, STORIES } from '../../demo/all-stories.ts';
import { chooseStories, listOf } from '../../demo/stories/choose-stories.ts';
import { loadSetup } from '../local/setup/setup-modules.ts';

const names = (stories: readonly { name: string }[]) => stories.map(({ name }) => name);

describe('chosen stories', () => {
  test('without a choice all run', () => {
    expect(chooseStories(STORIES, [])).toEqual(STORIES);
  });

  test('a chosen story runs after those that it needs, in the order of the demo', () => {
    expect(names(chooseStories(STORIES, ['second-drift', 'good-version']))).toEqual([
      'good-version',
      'drift',
      'second-drift',
    ]);
  });

  test('every unknown name is told, with the names that there are', () => {
    expect(() => chooseStories(STORIES, ['drift', 'nothing', 'else'])).toThrow(
      /There is no story "nothing", "else"\. The stories are good-version, drift,/,
    );
  });

  test('the list says what each story is about and what runs before it', () => {
    const list = listOf(STORIES).split('\n');
    expect(list).toContain('  slow-version          a slow version is turned back');
    expect(list.find((line) => line.includes('no-better-challenger'))).toMatch(/\(runs drift before\)$/);
  });
});

describe('stories', () => {
  test('have names of their own that a command line takes, and need only stories before them', () => {
    expect(new Set(names(STORIES)).size).toBe(STORIES.length);
    for (const [index, { name, needs = [] }] of STORIES.entries()) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      for (const needed of needs) expect(names(STORIES.slice(0, index))).toContain(needed);
    }
  });

  test('bring models and send rows that set-up makes', async () => {
    const { demoModels, demoRows } = await loadSetup('demo-data');
    for (const story of STORIES) {
      if (story.kind === 'retraining') continue;
      if (story.model !== undefined) expect(names(demoModels)).toContain(story.model);
      if (story.replay !== undefined) expect(names(demoRows)).toContain(story.replay);
      expect(story.model === undefined).toBe(story.begin !== undefined);
    }
  });

  test('the first one runs with what set-up makes before the demo starts', async () => {
    const { FIRST_STORY: made } = await loadSetup('demo-data');
    expect(STORIES[0]).toBe(FIRST_STORY);
    expect(made.models).toContain(FIRST_STORY.model);
    expect(FIRST_STORY.begin).toBeUndefined();
  });

  test('a version turned back leaves the champion of its beginning, whichever that is', () => {
    const beginning = { champion: '12', version: '13' };
    const outcomes = STORIES.flatMap((story) => (story.kind === 'rollout' ? [story.expected(beginning).outcome] : []));
    for (const { serving, tag } of outcomes) {
      expect(serving).toBe(tag === 'live' ? 'version 13: 100 %' : 'version 12: 100 %');
    }
    expect(outcomes.filter(({ tag }) => tag === 'rejected')).toHaveLength(5);
  });
});
