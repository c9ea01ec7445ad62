/** Decides whether a caller may score: by key, by the endpoint's own token, or by an Entra ID token. */
import { type BearerVerifier, createBearerVerifier } from '../../../emulator/bearer.ts';
import type { Clock } from '../../../emulator/clock.ts';
import { sameSecret } from '../../../emulator/same-secret.ts';
import type { EndpointIdentity } from '../../seams/serving-plane.ts';

export interface EndpointKeys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** "Authenticate clients for online endpoints": the resource that scoring tokens are asked for. */
const SCORING_AUDIENCES = ['https://ml.azure.com'];

/** Returns why the caller is refused, or undefined when it may score. */
export async function refusalOfCaller(
  authorization: string | undefined,
  endpoint: { readonly identity: EndpointIdentity; readonly keys: EndpointKeys },
  trust: { readonly verifyBearer: BearerVerifier; readonly clock: Clock },
): Promise<string | undefined> {
  const { identity, keys } = endpoint;
  if (identity.authMode === 'Key') return refusalOfKey(authorization, keys);
  const check =
    identity.authMode === 'AMLToken'
      ? // Endpoint tokens are signed with the primary key, so that a new key ends them.
        await createBearerVerifier(new TextEncoder().encode(keys.primaryKey), () => trust.clock.nowMs())(
          authorization,
          [identity.resourceId],
        )
      : await trust.verifyBearer(authorization, SCORING_AUDIENCES);
  return check.ok ? undefined : check.reason;
}

function refusalOfKey(authorization: string | undefined, keys: EndpointKeys): string | undefined {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return 'The request carries no key: send it as Authorization: Bearer <key>.';
  const known = [keys.primaryKey, keys.secondaryKey].filter((key) => key !== '');
  return known.some((key) => sameSecret(given, key))
    ? undefined
    : 'The key is not one of the two keys of the endpoint.';
}
