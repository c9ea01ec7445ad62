/** What a scenario of the demo is, and what it may use. */
import type { AnswerRecord } from '../../traffic/answer-record.ts';
import type { ReplayRow } from '../../traffic/replay-rows.ts';
import type { RunningTraffic } from '../../traffic/start-traffic.ts';
import type { ArmClient } from '../azure/arm-client.ts';
import type { LatencyRules } from '../azure/latency-rule.ts';
import type { AuditEntry, AuditReader } from '../azure/read-audit.ts';
import type { TrainedVersions } from '../azure/register-version.ts';
import type { AppClient } from '../operator/app-client.ts';
import type { ApprovalMailbox } from '../operator/approval-mailbox.ts';
import type { OperatorTokens } from '../operator/tokens.ts';
import type { RowFiles } from '../retraining/upload-rows.ts';
import type { Outcome } from './outcome.ts';

export interface DemoContext {
  readonly arm: ArmClient;
  readonly audit: AuditReader;
  readonly trained: TrainedVersions;
  readonly traffic: RunningTraffic;
  readonly files: RowFiles;
  /** Rows that clients may send, `<name>.jsonl`. */
  readonly replayRows: (name: string) => Promise<readonly ReplayRow[]>;
  /** What "Run" in the studio does: the monitor looks now instead of at its next time. */
  readonly runMonitor: () => Promise<void>;
  readonly latencyRules: LatencyRules;
  readonly app: AppClient;
  readonly tokens: OperatorTokens;
  readonly mailbox: ApprovalMailbox;
  /** Shows a line in the terminal. */
  readonly say: (text: string) => void;
}

/** Called again and again while the rollout runs, with its audit so far. */
export type Interference = (audit: readonly AuditEntry[]) => Promise<void>;

/** Makes the interference of one run of a scenario; adds to `checks`. */
export type Interfering = (context: DemoContext, checks: string[]) => Interference;

export interface Scenario {
  readonly name: string;
  readonly version: string;
  readonly expected: Outcome;
  /** Rows that clients send from its beginning on, `<name>.jsonl`; those of before when absent. */
  readonly replay?: string;
  /** Makes the version be registered; by default a person registers it. Adds to `checks`. */
  readonly begin?: (context: DemoContext, checks: string[]) => Promise<void>;
  /** What the checks of `begin` and `interfere` should say, in order. */
  readonly expectedChecks: readonly string[];
  /** True for an answer of green that a client should not have got; by default any but 200. */
  readonly isBadAnswer?: (answer: AnswerRecord, usualP95Ms: number) => boolean;
  /** What the operator, and the world, do meanwhile. */
  readonly interfere?: Interfering;
  /** Undoes what `interfere` has set up, however the rollout ended. */
  readonly end?: (context: DemoContext) => Promise<void>;
}

export interface Observed {
  readonly outcome: Outcome;
  readonly checks: readonly string[];
  /** From the registration of the version to the last audit record. */
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
