/**
 * /api/approvals/{approvalId}: GET shows what is asked (following a link approves nothing, so mail scanners cannot),
 * POST answers. The token is checked here for a clear reply, and again by the rollout before it counts.
 */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type ApprovalAnswer, refuseAnswer, rolloutOfApproval } from '../../commands/refuse-answer.ts';
import { approvalBody } from '../../contracts/http.ts';
import { approvalPage } from './approval-page.ts';
import { type CommandPorts, deliver } from './commands.ts';
import { readBody } from './read-body.ts';
import { page, problem } from './reply.ts';
import type { ApiHandler } from './rollouts.ts';

type Answer = 'approve' | 'decline';

export function createAnswerApproval(ports: CommandPorts): ApiHandler {
  return async (request, control) => {
    if (request.method === 'GET') return show(request, ports);
    const body = await readAnswer(request);
    if (!body.ok) return body.reply;
    const { token, answer, reason } = body.value;
    const approvalId = request.params.approvalId ?? '';
    const refusal = await refuse(ports, { token, approvalId, answer });
    if (refusal) return refusal;
    return deliver(control, ports, rolloutOfApproval(approvalId), { type: answer, approvalId, token, reason });
  };
}

async function show(request: HttpRequest, ports: CommandPorts): Promise<HttpResponseInit> {
  const approvalId = request.params.approvalId ?? '';
  const token = request.query.get('token') ?? '';
  const answer: Answer = request.query.get('answer') === 'decline' ? 'decline' : 'approve';
  const refusal = await refuse(ports, { token, approvalId, answer });
  if (refusal) return refusal;
  return page(200, approvalPage({ approvalId, token, answer }));
}

/** The page posts a form, programs post JSON. */
function readAnswer(request: HttpRequest) {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded');
  return readBody(isForm ? formAsJson(request) : request, approvalBody);
}

function formAsJson(request: HttpRequest): { text(): Promise<string> } {
  return { text: async () => JSON.stringify(Object.fromEntries(new URLSearchParams(await request.text()))) };
}

const STATUS = { ApprovalExpired: 410, TokenRefused: 401, TokenMismatch: 403 } as const;

async function refuse(ports: CommandPorts, answer: ApprovalAnswer): Promise<HttpResponseInit | null> {
  const refusal = await refuseAnswer(ports, answer);
  return refusal && problem(STATUS[refusal.code], refusal.code, refusal.reason);
}
