/** Short-lived scoring tokens of endpoints in AMLToken mode: JWTs signed with the endpoint's primary key. */
import { SignJWT } from 'jose';
import { type ArmCall, type ArmReply, ok } from '../protocol/arm-call.ts';
import { type EndpointContext, endpointArmId, requireEndpoint } from './endpoint-context.ts';
import { requireMode } from './endpoint-keys.ts';

const VALID_SECONDS = 12 * 3600;

/** Times are epoch seconds; a caller should ask again after half the validity. */
export async function endpointToken(context: EndpointContext, call: ArmCall): Promise<ArmReply> {
  const endpoint = requireEndpoint(context, call);
  requireMode(endpoint, 'AMLToken');
  const nowSeconds = Math.floor(context.clock.nowMs() / 1000);
  const accessToken = await new SignJWT({ oid: call.callerId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience(endpointArmId(context, endpoint.name))
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + VALID_SECONDS)
    .sign(new TextEncoder().encode(endpoint.keys.primaryKey));
  return ok({
    accessToken,
    tokenType: 'Bearer',
    expiryTimeUtc: nowSeconds + VALID_SECONDS,
    refreshAfterTimeUtc: nowSeconds + VALID_SECONDS / 2,
  });
}
