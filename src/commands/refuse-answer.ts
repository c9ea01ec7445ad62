/** Checks the token of an answer to an approval before the answer is passed on; the rollout checks it again before it counts. */
import type { Clock } from '../ports/clock.ts';
import type { Tokens } from '../ports/tokens.ts';

export interface ApprovalAnswer {
  readonly approvalId: string;
  readonly answer: 'approve' | 'decline';
  readonly token: string;
}

export interface AnswerRefusal {
  readonly code: 'ApprovalExpired' | 'TokenRefused' | 'TokenMismatch';
  readonly reason: string;
}

/** Null when the token is genuine, still valid, and for this answer. */
export async function refuseAnswer(
  ports: { readonly tokens: Tokens; readonly clock: Clock },
  { approvalId, answer, token }: ApprovalAnswer,
): Promise<AnswerRefusal | null> {
  const check = await ports.tokens.check(token, ports.clock.nowMs());
  if (!check.ok) return { code: check.code === 'expired' ? 'ApprovalExpired' : 'TokenRefused', reason: check.reason };
  const { grant } = check.claims;
  if (grant.kind === 'approval' && grant.approvalId === approvalId && grant.answer === answer) return null;
  return { code: 'TokenMismatch', reason: 'The token is not for this answer to this approval.' };
}

/** Approval ids are `<rolloutId>.w<weight>`. */
export function rolloutOfApproval(approvalId: string): string {
  return approvalId.replace(/\.w\d{1,3}$/, '');
}
