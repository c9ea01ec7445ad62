/** Access tokens of Microsoft Entra ID with which Azure services call the app. */

export type CallerCheck =
  | { readonly ok: true /** Client id of the calling application. */; readonly application: string }
  | { readonly ok: false; readonly code: 'malformed' | 'forged' | 'expired' | 'stranger'; readonly reason: string };

export interface CallerTokens {
  /** Signature, issuer, tenant, audience, expiry as of `asOfMs`, and who calls. Throws when the signing keys cannot be read. */
  check(token: string, asOfMs: number): Promise<CallerCheck>;
}
