/** Runs the stories one after the other; each is reported, also when it breaks off. */
import { brokenLine, type ReportLine, retrainingLine, rolloutLine } from './report.ts';
import { readBeginning, runStory } from './stories/run-story.ts';
import type { DemoContext, RetrainingStory, RolloutStory, Story } from './stories/story.ts';
import type { LiveView } from './view/live-view.ts';

export interface StoryWorld {
  readonly context: DemoContext;
  readonly view: Pick<LiveView, 'follow' | 'refresh'>;
  /** Resolves when the story finds what it needs: models, rows, environments. */
  readonly whenReadyFor: (story: Story) => Promise<void>;
}

export async function runStories(stories: readonly Story[], world: StoryWorld): Promise<readonly ReportLine[]> {
  const { context, view } = world;
  const lines: ReportLine[] = [];
  for (const [index, story] of stories.entries()) {
    const title = `${index + 1} of ${stories.length}: ${story.title}`;
    context.say(`\u2014 ${title}`);
    const line = await lineOf(story, title, world);
    lines.push(line);
    await view.refresh();
    context.say(`${line.passed ? 'passed' : 'FAILED'} after ${line.secondsToOutcome} s: ${line.observed}`);
  }
  return lines;
}

async function lineOf(story: Story, title: string, world: StoryWorld): Promise<ReportLine> {
  try {
    await world.whenReadyFor(story);
    return story.kind === 'rollout' ? await rollOut(story, title, world) : await retrain(story, world);
  } catch (error) {
    return brokenLine(story, error);
  }
}

async function rollOut(story: RolloutStory, title: string, { context, view }: StoryWorld): Promise<ReportLine> {
  const beginning = await readBeginning(context);
  view.follow(title, beginning.version);
  const observed = await runStory(story, beginning, context);
  context.say(`The client saw ${observed.clientFailures} failed requests meanwhile.`);
  return rolloutLine(story, observed);
}

async function retrain(story: RetrainingStory, { context }: StoryWorld): Promise<ReportLine> {
  const startedAtMs = Date.now();
  const observed = await story.run(context);
  return retrainingLine(story, observed, Math.round((Date.now() - startedAtMs) / 100) / 10);
}
