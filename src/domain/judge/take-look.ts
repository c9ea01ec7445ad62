/**
 * One look, from what was known and what is observed now to what is known afterwards. Pure: who reads and stores is
 * elsewhere.
 *
 * 1. Buckets are judged in order, once each, when they are complete or have waited long enough.
 * 2. The first look that has a bucket to read learns blue's history; design effects are fixed with it.
 */
import type { CanaryPolicy } from './canary-policy.ts';
import type { Decision } from './decision.ts';
import { judge, NOTHING_JUDGED } from './judge.ts';
import { type JudgeState, judgedUntilMs, startJudge } from './judge-state.ts';
import type { JudgedStretch } from './judged-stretch.ts';
import type { AnswersRead, DueAnswers } from './reading/answers.ts';
import { type BaselineHistory, baselineHistory } from './reading/baseline-history.ts';
import { type LateRows, lateRows, type SeenBucket, seenBucketOf, withinReach } from './reading/late-rows.ts';
import { historyWindow, isDue, type ReadingWindow, readingWindow } from './reading/reading-window.ts';
import { type ReadyBucket, readyBuckets, type Telemetered } from './reading/ready-buckets.ts';
import { type DueReading, dueReadings } from './take-answers.ts';

/** What the judge keeps of one look beside who asked for it. */
export interface LookTaken {
  readonly window: ReadingWindow;
  /** Buckets judged in this look, with what the request metric said of them. */
  readonly judged: readonly ReadyBucket[];
  /** Start of the bucket that was not complete yet. */
  readonly waitingForMs: number | null;
  /** Totals of the rollout so far. */
  readonly incompleteBuckets: number;
  readonly lateRows: LateRows;
  /** The last judged buckets as last seen, to notice late rows. */
  readonly recent: readonly SeenBucket[];
  /** Blue before green's first request, as the first due look read it. */
  readonly history: BaselineHistory | null;
  /** Collected answers of this look; null before the first due bucket. */
  readonly answers: AnswersSummary | null;
  /** Null before the first due bucket. */
  readonly judge: JudgeState | null;
  readonly decision: Decision;
}

/** What was read is told in numbers: the rows themselves are kept by the data collector. */
export interface AnswersSummary {
  /** What was left out or could not be read; null where everything was. */
  readonly problem: string | null;
  /** By metric. */
  readonly read: Readonly<Record<string, DueAnswers & RowsRead>>;
}

export interface RowsRead {
  readonly greenRows: number;
  readonly blueRows: number;
  readonly outcomes: number;
}

/** What a look is asked. */
export interface LookAsked {
  readonly policy: CanaryPolicy;
  readonly stretch: JudgedStretch;
  readonly green: string;
  readonly blue: string;
  readonly nowMs: number;
  readonly shiftAccepted: boolean;
}

/** What a look has to read of traffic. */
export interface TrafficReading {
  readonly window: ReadingWindow;
  /** The log is read from here on: for blue's history at first, for late rows later. */
  readonly logFromMs: number;
  /** True while blue's history is to be read, and its replica's. */
  readonly isFirst: boolean;
}

/** Nothing is to be read where the window is not due. */
export function trafficToRead({ policy, stretch, nowMs }: LookAsked, previous: LookTaken | null): TrafficReading {
  const judgedMs = previous?.judge ? judgedUntilMs(previous.judge, policy.bucketSeconds * 1000) : 0;
  const window = readingWindow(policy, stretch, judgedMs, nowMs);
  if (!previous?.judge) return { window, logFromMs: historyWindow(policy, window).fromMs, isFirst: true };
  const recent = withinReach(previous.recent, window, policy);
  return { window, logFromMs: Math.min(window.fromMs, ...recent.map(({ startMs }) => startMs)), isFirst: false };
}

/** Traffic as read, before answers are. */
export interface TrafficTaken {
  readonly asked: LookAsked;
  readonly previous: LookTaken | null;
  readonly window: ReadingWindow;
  readonly seen: Telemetered;
  readonly history: BaselineHistory | null;
  /** Null until a bucket is due: nothing was read so far. */
  readonly state: JudgeState | null;
  readonly answersDue: readonly DueReading[];
}

/** Starts the judge where the first buckets were read, and says which answers are due. */
export function takeTraffic(
  asked: LookAsked,
  previous: LookTaken | null,
  window: ReadingWindow,
  seen: Telemetered,
): TrafficTaken {
  const { policy, stretch, blue, nowMs } = asked;
  const read = isDue(window) ? baselineHistory(seen.logged, blue, window.fromMs, policy.designEffect) : null;
  const history = previous?.history ?? read;
  const state = previous?.judge ?? (history && startJudge(stretch, history));
  const answersDue = state ? dueReadings(state, policy, nowMs) : [];
  return { asked, previous, window, seen, history, state, answersDue };
}

/** `problem`: what could not be read of answers. */
export function takeLook(traffic: TrafficTaken, answers: AnswersRead, problem: string | null): LookTaken {
  const { asked, previous, window, seen, history, state } = traffic;
  const { policy, stretch, nowMs, shiftAccepted } = asked;
  const arms = { green: asked.green, blue: asked.blue };
  const { ready, waitingForMs } = readyBuckets({ policy, window, nowMs, arms, seen });
  const { late, seen: recent } = lateRows(withinReach(previous?.recent ?? [], window, policy), arms, seen.logged);
  const buckets = ready.map(({ bucket }) => bucket);
  const judged = state && judge({ policy, stretch, buckets, answers, shiftAccepted }, state);
  return {
    window,
    judged: ready,
    waitingForMs,
    incompleteBuckets: (previous?.incompleteBuckets ?? 0) + ready.filter(({ complete }) => !complete).length,
    lateRows: {
      green: (previous?.lateRows.green ?? 0) + late.green,
      blue: (previous?.lateRows.blue ?? 0) + late.blue,
    },
    recent: [...recent, ...ready.map(seenBucketOf)],
    history,
    answers: state && { problem, read: summaryOf(answers) },
    judge: judged?.state ?? null,
    decision: judged?.decision ?? NOTHING_JUDGED,
  };
}

function summaryOf(answers: AnswersRead): AnswersSummary['read'] {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([metric, read]) => {
      if (!read) return [];
      const rows = { greenRows: read.answers.green.length, blueRows: read.answers.blue.length };
      return [[metric, { ...read.due, ...rows, outcomes: read.outcomes.size }]];
    }),
  );
}
