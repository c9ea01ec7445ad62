/**
 * The status, headers and body that a caller gets for each way in which scoring can end.
 * Codes and header names: "Troubleshoot online endpoints deployment", HTTP status codes of managed online endpoints.
 * The words in `ms-azureml-model-error-reason` are those that the service's own proxy writes.
 */
import { STATUS_CODES } from 'node:http';
import type { ScoreResult } from '../instances/score-call.ts';
import { headersToCaller } from './forwarded-headers.ts';

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
  /** Empty when no deployment was chosen. */
  readonly deploymentName: string;
  /** 0 and '' when the request was not given to a model container. */
  readonly modelStatusCode: number;
  readonly modelStatusReason: string;
  /** When the model's first byte arrived, epoch milliseconds; absent when it sent none. */
  readonly firstByteAtMs?: number;
}

const ERROR_REASON = 'ms-azureml-model-error-reason';

/** A request that was refused before or instead of being scored. */
export function refused(status: number, code: string, message: string, deploymentName = ''): Answer {
  return {
    status,
    reason: STATUS_CODES[status] ?? '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ error: { code, message } })),
    deploymentName,
    modelStatusCode: 0,
    modelStatusReason: '',
  };
}

export function answerOf(result: ScoreResult, deploymentName: string): Answer {
  switch (result.kind) {
    case 'reply':
      return result.status === 200 ? modelAnswer(result, deploymentName) : modelFailure(result, deploymentName);
    case 'timed-out':
      return refused(
        408,
        'RequestTimeout',
        `The deployment '${deploymentName}' took longer than its request time-out.`,
        deploymentName,
      );
    case 'too-many-pending':
      return tooManyPending(deploymentName);
    case 'not-running':
      return withoutReply('model_not_ready', `No container of '${deploymentName}' answers.`, deploymentName);
    case 'broken':
      return withoutReply('model_error', `The container of '${deploymentName}' ended while it worked.`, deploymentName);
  }
}

type Reply = Extract<ScoreResult, { kind: 'reply' }>;

function modelAnswer(reply: Reply, deploymentName: string): Answer {
  return {
    status: reply.status,
    reason: reply.reason,
    headers: { ...headersToCaller(reply.headers), 'azureml-model-deployment': deploymentName },
    body: reply.body,
    deploymentName,
    modelStatusCode: reply.status,
    modelStatusReason: reply.reason,
    firstByteAtMs: reply.firstByteAtMs,
  };
}

/** Everything but 200 becomes 424; the container's own status goes into a header. */
function modelFailure(reply: Reply, deploymentName: string): Answer {
  return asModelError(modelAnswer(reply, deploymentName), reply.status, 'model_error');
}

/** 503 is what a proxy says for a container that it cannot reach or that hung up on it. */
function withoutReply(reason: string, message: string, deploymentName: string): Answer {
  return asModelError(refused(424, 'ModelError', message, deploymentName), 503, reason);
}

function tooManyPending(deploymentName: string): Answer {
  const message =
    `The deployment '${deploymentName}' has too many pending requests: more than ` +
    '2 * maxConcurrentRequestsPerInstance * instanceCount. Try again later or scale out.';
  const answer = refused(429, 'TooManyPendingRequests', message, deploymentName);
  return { ...answer, headers: { ...answer.headers, [ERROR_REASON]: 'too_many_pending_request' } };
}

function asModelError(answer: Answer, modelStatusCode: number, modelStatusReason: string): Answer {
  return {
    ...answer,
    status: 424,
    reason: STATUS_CODES[424] ?? '',
    headers: {
      ...answer.headers,
      'azureml-model-deployment': answer.deploymentName,
      'ms-azureml-model-error-statuscode': String(modelStatusCode),
      [ERROR_REASON]: modelStatusReason,
    },
    modelStatusCode,
    modelStatusReason,
  };
}
