/** The functions of the HTTP API, over their ports, by name; every one checks its caller's token itself. */
import type { Policies } from '../../domain/policy/policies.ts';
import type { CallerTokens } from '../../ports/caller-tokens.ts';
import type { EndpointMetrics } from '../../ports/endpoint-metrics.ts';
import type { EventPublisher } from '../../ports/events.ts';
import { createAnswerApproval } from './approvals.ts';
import { type CommandPorts, createSteerRollout } from './commands.ts';
import { createJudgeAgain } from './judge-again.ts';
import { type AlertHandler, createTakeLatencyAlert } from './latency-alerts.ts';
import {
  createAbortRetraining,
  createGetRetraining,
  createListRetrainings,
  createStartRetraining,
} from './retrainings.ts';
import {
  type ApiHandler,
  createGetRollout,
  createListRollouts,
  createRetryRollout,
  createStartRollout,
} from './rollouts.ts';

export interface HttpPorts extends CommandPorts {
  readonly publisher: EventPublisher;
  /** What the alert webhook checks its callers and alerts with; null where there is none. */
  readonly alerts: { readonly callers: CallerTokens; readonly metrics: EndpointMetrics } | null;
}

export interface HttpFunctionsConfig {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly policies: Policies;
}

export interface ApiFunctions {
  readonly startRollout: ApiHandler;
  readonly listRollouts: ApiHandler;
  readonly getRollout: ApiHandler;
  readonly retryRollout: ApiHandler;
  readonly steerRollout: ApiHandler;
  readonly startRetraining: ApiHandler;
  readonly listRetrainings: ApiHandler;
  readonly getRetraining: ApiHandler;
  readonly judgeAgain: ApiHandler;
  readonly abortRetraining: ApiHandler;
  readonly showApproval: ApiHandler;
  readonly answerApproval: ApiHandler;
}

export interface HttpFunctions {
  readonly api: ApiFunctions;
  /** The webhook, only where its callers can be checked. What it publishes comes back as an event of the app's topic. */
  readonly takeLatencyAlert: AlertHandler | null;
}

export function createHttpFunctions(ports: HttpPorts, config: HttpFunctionsConfig): HttpFunctions {
  const { policies } = config;
  const { alerts } = ports;
  return {
    api: {
      startRollout: createStartRollout(ports, policies),
      listRollouts: createListRollouts(ports),
      getRollout: createGetRollout(ports),
      retryRollout: createRetryRollout(ports, policies),
      steerRollout: createSteerRollout(ports),
      startRetraining: createStartRetraining(ports, policies),
      listRetrainings: createListRetrainings(ports),
      getRetraining: createGetRetraining(ports),
      judgeAgain: createJudgeAgain(ports, policies),
      abortRetraining: createAbortRetraining(ports, policies),
      showApproval: createAnswerApproval(ports),
      answerApproval: createAnswerApproval(ports),
    },
    takeLatencyAlert: alerts && createTakeLatencyAlert({ ...ports, ...alerts }, config),
  };
}
