/** Decides whether an answer to an approval counts: its token is genuine, was valid when it came, and is for this answer. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { Tokens } from '../../ports/tokens.ts';

export function createVerifyApproval(tokens: Tokens): ActivityHandler<'verifyApproval'> {
  return async ({ approvalId, answer, token, receivedAtIso }) => {
    const receivedAtMs = Date.parse(receivedAtIso);
    if (Number.isNaN(receivedAtMs)) return { valid: false, reason: 'The answer says no valid time of arrival.' };
    const check = await tokens.check(token, receivedAtMs);
    if (!check.ok) return { valid: false, reason: check.reason };
    const { grant, subject } = check.claims;
    if (grant.kind !== 'approval') return { valid: false, reason: 'The token is not for approvals.' };
    if (grant.approvalId !== approvalId) return { valid: false, reason: 'The token is for another approval.' };
    if (grant.answer !== answer) return { valid: false, reason: `The token is for the answer "${grant.answer}".` };
    return { valid: true, by: subject };
  };
}
