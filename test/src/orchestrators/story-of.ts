/** Tells a run of the virtual app as what was asked of the activities in each phase, for comparison with a literal. */
import type { RolloutRecord } from '../../../src/domain/audit/record.ts';
import type { ActivityCall } from './virtual-app.ts';

export type Asked = readonly [activity: string, input: object];

export interface Chapter {
  readonly phase: string;
  readonly asked: readonly Asked[];
}

/** What differs from look to look. */
const OF_ONE_LOOK = ['look', 'previousEvidence', 'nowMs'];

/**
 * One chapter for each stay in a phase. Within it each call with the same input is told once, where it came first: how often
 * a phase looks is a matter of time. Records are left out: they are the chapters. `sinceMs` counts from the chapter's begin.
 */
export function storyOf(calls: readonly ActivityCall[]): readonly Chapter[] {
  const chapters: { phase: string; beganMs: number; asked: Asked[] }[] = [{ phase: 'queued', beganMs: 0, asked: [] }];
  for (const { name, input } of calls) {
    const chapter = chapters.at(-1);
    if (name === 'recordAudit') {
      const { phase, kind, atIso } = input.record as RolloutRecord;
      if (kind === 'phase-changed') chapters.push({ phase, beganMs: Date.parse(atIso), asked: [] });
    } else if (chapter) {
      const asked: Asked = [name, withoutTime(input, chapter.beganMs)];
      const isKnown = chapter.asked.some((other) => JSON.stringify(other) === JSON.stringify(asked));
      if (!isKnown) chapter.asked.push(asked);
    }
  }
  return chapters.map(({ phase, asked }) => ({ phase, asked }));
}

function withoutTime(input: ActivityCall['input'], beganMs: number): object {
  const kept = Object.fromEntries(Object.entries(input).filter(([key]) => !OF_ONE_LOOK.includes(key)));
  const stretch = input.stretch as { readonly sinceMs: number } | undefined;
  return stretch ? { ...kept, stretch: { ...stretch, sinceMs: stretch.sinceMs - beganMs } } : kept;
}
