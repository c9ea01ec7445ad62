/** Publishes an approval request with one link per answer; the links' tokens die at the deadline and are kept nowhere. */
import type { ActivityHandler, ActivityInput } from '../../contracts/activities.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { Tokens } from '../../ports/tokens.ts';

/** Who answers by a link is not known by name: the link is what was trusted. */
export const LINK_HOLDER = 'holder of the approval link';

export interface ApprovalLinksConfig {
  /** Without a trailing slash. */
  readonly publicUrl: string;
}

export function createRequestApproval(
  tokens: Tokens,
  publisher: EventPublisher,
  config: ApprovalLinksConfig,
): ActivityHandler<'requestApproval'> {
  return async (input) => {
    const [approveUrl, declineUrl] = await Promise.all([
      linkFor(tokens, config, input, 'approve'),
      linkFor(tokens, config, input, 'decline'),
    ]);
    const { rolloutId, approvalId, endpoint, model, version, weight, deadlineIso, situation } = input;
    await publisher.publish({
      id: `${approvalId}.requested`,
      type: 'Slipway.Approval.Requested',
      subject: `rollouts/${rolloutId}`,
      timeIso: input.nowIso,
      data: { rolloutId, approvalId, endpoint, model, version, weight, deadlineIso, situation },
      confidential: { approveUrl, declineUrl },
    });
    return { requested: true };
  };
}

async function linkFor(
  tokens: Tokens,
  { publicUrl }: ApprovalLinksConfig,
  { approvalId, deadlineIso }: ActivityInput<'requestApproval'>,
  answer: 'approve' | 'decline',
): Promise<string> {
  const token = await tokens.mint({
    subject: LINK_HOLDER,
    grant: { kind: 'approval', approvalId, answer },
    expiresAtMs: Date.parse(deadlineIso),
  });
  return `${publicUrl}/api/approvals/${encodeURIComponent(approvalId)}?${new URLSearchParams({ token, answer })}`;
}
