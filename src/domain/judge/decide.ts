/**
 * Decides on the evidence of all metrics: rollback, promote, next step or continue.
 *
 * 1. A green that never succeeds comes first; then evidence against green; only then assurance for it.
 * 2. Nothing is promoted before the soak.
 */
import type { JudgeOptions } from './judge-options.ts';
import type { JudgeMemory } from './judge-state.ts';
import { neverSucceeds } from './no-success.ts';
import { assuranceFor, type EvidenceAgainst, evidenceAgainst } from './weigh-evidence.ts';

/** Where the rollout stands. */
export interface Situation {
  /** True where a passed look means promotion rather than the next step. */
  readonly lastStep: boolean;
  /** False until the present step has lasted its minimum dwell. */
  readonly dwellOver: boolean;
  /** Buckets judged in the whole rollout. */
  readonly judgedBuckets: number;
}

export interface Ruling {
  readonly kind: 'rollback' | 'promote' | 'next-step' | 'continue';
  readonly evidence: EvidenceAgainst;
  /** ln P for green. */
  readonly logAssurance: number;
}

export function decide(memory: JudgeMemory, options: JudgeOptions, situation: Situation): Ruling {
  const evidence = evidenceAgainst(memory.metrics, options);
  const logAssurance = assuranceFor(memory.metrics, options);
  const isGuilty = neverSucceeds(memory.traffic.failures) || evidence.log >= Math.log(1 / options.alpha);
  const kind = isGuilty ? 'rollback' : forward(options, situation, logAssurance);
  return { kind, evidence, logAssurance };
}

function forward(options: JudgeOptions, situation: Situation, logAssurance: number): Ruling['kind'] {
  const { lastStep, dwellOver, judgedBuckets } = situation;
  if (!dwellOver || logAssurance < logPass(options, lastStep)) return 'continue';
  if (!lastStep) return 'next-step';
  return judgedBuckets >= options.soakBuckets ? 'promote' : 'continue';
}

/** What the assurance must reach for green to go on. */
export function logPass({ beta, betaStep }: JudgeOptions, lastStep: boolean): number {
  return Math.log(1 / (lastStep ? beta : betaStep));
}
