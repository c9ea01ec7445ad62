/** What a story of the demo is: what happens, what should come of it, and what the operator does meanwhile. */
import type { AnswerRecord } from '../../local/traffic/answer-record.ts';
import type { RunningTraffic } from '../../local/traffic/start-traffic.ts';
import type { ArmClient } from '../azure/arm-client.ts';
import type { LatencyRules } from '../azure/latency-rule.ts';
import type { AuditEntry, AuditReader } from '../azure/read-audit.ts';
import type { TrainedModels } from '../azure/register-version.ts';
import type { RowFiles } from '../azure/upload-rows.ts';
import type { AppClient } from '../operator/app-client.ts';
import type { ApprovalMailbox } from '../operator/approval-mailbox.ts';
import type { OperatorTokens } from '../operator/tokens.ts';
import type { Clients } from './clients.ts';
import type { Outcome } from './outcome.ts';

export interface DemoContext {
  readonly arm: ArmClient;
  readonly audit: AuditReader;
  readonly trained: TrainedModels;
  readonly traffic: RunningTraffic;
  readonly files: RowFiles;
  readonly clients: Clients;
  /** What "Run" in the studio does: the monitor looks now instead of at its next time. */
  readonly runMonitor: () => Promise<void>;
  readonly latencyRules: LatencyRules;
  readonly app: AppClient;
  readonly tokens: OperatorTokens;
  readonly mailbox: ApprovalMailbox;
  /** Shows a line in the terminal. */
  readonly say: (text: string) => void;
}

interface Named {
  /** What `--story` takes: lower case with dashes. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  /** Names of stories that must have run before. */
  readonly needs?: readonly string[];
}

/** What a story finds when it begins. */
export interface Beginning {
  /** The model version that serves now. */
  readonly champion: string;
  /** The version that this story brings. */
  readonly version: string;
}

/** A version comes, and a rollout decides about it. */
export interface RolloutStory extends Named {
  readonly kind: 'rollout';
  /** The trained model that a person registers; absent where `begin` makes the version. */
  readonly model?: string;
  /** Rows that clients send from its beginning on, `<name>.jsonl`; those of before when absent. */
  readonly replay?: string;
  /** Makes the version be registered. */
  readonly begin?: (context: DemoContext, run: StoryRun) => Promise<void>;
  /** What the operator, and the world, do meanwhile. */
  readonly interfere?: (context: DemoContext, run: StoryRun) => Interference;
  /** Undoes what `interfere` has set up, however the rollout ended. */
  readonly end?: (context: DemoContext) => Promise<void>;
  readonly expected: (beginning: Beginning) => Expected;
  /** True for an answer of green that a client should not have got; by default any but 200. */
  readonly isBadAnswer?: (answer: AnswerRecord, usualP95Ms: number) => boolean;
}

/** A retraining that comes to nothing: it ends before anything is registered. */
export interface RetrainingStory extends Named {
  readonly kind: 'retraining';
  readonly expected: string;
  /** Resolves with what came of it, in the words of `expected`. */
  readonly run: (context: DemoContext) => Promise<string>;
}

export type Story = RolloutStory | RetrainingStory;

export interface Expected {
  readonly outcome: Outcome;
  /** What the checks of `begin` and `interfere` should say, in order. */
  readonly checks: readonly string[];
}

/** One run of a rollout story; `checks` collects what its participants saw. */
export interface StoryRun extends Beginning {
  readonly checks: string[];
}

/** Called again and again while the rollout runs, with its audit so far. */
export type Interference = (audit: readonly AuditEntry[]) => Promise<void>;

export interface Observed {
  readonly expected: Expected;
  readonly outcome: Outcome;
  readonly checks: readonly string[];
  /** From the beginning of the story to the last audit record. */
  readonly secondsToOutcome: number;
  /** Live answers of this version that a client should not have got. */
  readonly badRequestsServed: number;
  /** Requests of the client that failed meanwhile, whoever was to answer them. */
  readonly clientFailures: number;
  /** Why it ended as it did: the last reason in the audit log. */
  readonly reason: string;
}

/** Both of them at each look, in this order. */
export function both(first: Interference, second: Interference): Interference {
  return async (audit) => {
    await first(audit);
    await second(audit);
  };
}
