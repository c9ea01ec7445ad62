/** The person who is asked before half of the traffic moves; once also somebody who has no right to answer. */
import type { AuditEntry } from '../azure/read-audit.ts';
import type { ApprovalRequest } from '../operator/approval-mailbox.ts';
import type { DemoContext, Interfering } from './scenario.ts';

export const APPROVED = 'approval: 202';
export const REFUSALS = ['forged approval: 401 TokenRefused', 'expired approval: 410 ApprovalExpired', APPROVED];

type Attempt = readonly [name: string, token: string];

/** Approves when asked. */
export function approve(version: string): Interfering {
  return answer(version, async (_context, { token }) => [['approval', token]]);
}

/** Tries a forged and an expired approval, which must be refused, then approves. */
export function answerApproval(version: string): Interfering {
  return answer(version, async ({ tokens }, { approvalId, token }) => [
    ['forged approval', await tokens.forgedApproval(approvalId)],
    ['expired approval', await tokens.expiredApproval(approvalId)],
    ['approval', token],
  ]);
}

function answer(
  version: string,
  attemptsFor: (context: DemoContext, request: ApprovalRequest) => Promise<readonly Attempt[]>,
): Interfering {
  return (context, checks) => {
    let answered = false;
    return async (audit: readonly AuditEntry[]) => {
      const request = context.mailbox.requestFor(version);
      if (answered || !request || audit.at(-1)?.phase !== 'awaiting-approval') return;
      answered = true;
      for (const [name, token] of await attemptsFor(context, request)) {
        const { status, code } = await context.app.answerApproval(request.approvalId, token);
        checks.push(`${name}: ${[status, code].filter(Boolean).join(' ')}`);
        context.say(`Operator: ${checks.at(-1)}`);
      }
    };
  };
}
