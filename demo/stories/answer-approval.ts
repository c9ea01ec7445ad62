/** The operator of a good version: tries a forged and an expired approval, which must be refused, then approves. */
import type { DemoContext, Interference, StoryRun } from './story.ts';

export const REFUSALS = ['forged approval: 401 TokenRefused', 'expired approval: 410 ApprovalExpired', 'approval: 202'];

/** Waits for the app's request; the approval that counts is the last of the three attempts. */
export function answerApproval(
  { app, mailbox, tokens, say }: DemoContext,
  { version, checks }: StoryRun,
): Interference {
  let answered = false;
  return async (audit) => {
    const request = mailbox.requestFor(version);
    if (answered || !request || audit.at(-1)?.phase !== 'awaiting-approval') return;
    answered = true;
    const { approvalId } = request;
    const attempts = [
      ['forged approval', await tokens.forgedApproval(approvalId)],
      ['expired approval', await tokens.expiredApproval(approvalId)],
      ['approval', request.token],
    ] as const;
    for (const [name, token] of attempts) {
      const { status, code } = await app.answerApproval(approvalId, token);
      checks.push(`${name}: ${[status, code].filter(Boolean).join(' ')}`);
      say(`Operator: ${checks.at(-1)}`);
    }
  };
}
