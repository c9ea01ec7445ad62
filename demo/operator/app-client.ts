/** What an operator does over the app's HTTP API: answer an approval, steer a rollout, ask for a retraining. */
import { z } from 'zod';
import { MODEL } from '../azure/scenario-names.ts';
import type { OperatorTokens } from './tokens.ts';

const TIMEOUT_MS = 20_000;

const problemSchema = z.object({ error: z.object({ code: z.string() }) });

export interface AppReply {
  readonly status: number;
  /** Code of the refusal; empty when there is none. */
  readonly code: string;
}

export interface AppClient {
  answerApproval(approvalId: string, token: string): Promise<AppReply>;
  command(rolloutId: string, command: 'abort' | 'resume' | 'promote', reason: string): Promise<AppReply>;
  retrain(reason: string): Promise<AppReply>;
  /** As GET /api/retrainings answers. */
  listRetrainings(): Promise<unknown>;
}

export function createAppClient(appUrl: string, tokens: OperatorTokens): AppClient {
  return {
    answerApproval: (approvalId, token) =>
      post(`${appUrl}/api/approvals/${encodeURIComponent(approvalId)}`, {
        body: { token, answer: 'approve', reason: 'The numbers of the first step are good.' },
      }),
    command: async (rolloutId, command, reason) =>
      post(`${appUrl}/api/rollouts/${encodeURIComponent(rolloutId)}/commands/${command}`, {
        body: { reason },
        bearer: await tokens.operator(),
      }),
    retrain: async (reason) =>
      post(`${appUrl}/api/retrainings`, {
        body: { model: MODEL, reason, ignoreCoolDown: true },
        bearer: await tokens.operator(),
      }),
    async listRetrainings() {
      const headers = { authorization: `Bearer ${await tokens.operator()}` };
      const reply = await fetch(`${appUrl}/api/retrainings`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return reply.json();
    },
  };
}

async function post(url: string, { body, bearer }: { body: object; bearer?: string }): Promise<AppReply> {
  const headers = { 'content-type': 'application/json', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
  const text = await reply.text();
  return { status: reply.status, code: codeOf(text) };
}

function codeOf(text: string): string {
  try {
    return problemSchema.safeParse(JSON.parse(text)).data?.error.code ?? '';
  } catch {
    return '';
  }
}
