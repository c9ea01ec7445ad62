/** Signed tokens that authenticate people's callbacks. */

/** What a token allows: reading, steering rollouts, or answering one approval. */
export type TokenGrant =
  | { readonly kind: 'operator'; readonly scopes: readonly ('read' | 'operate')[] }
  | { readonly kind: 'approval'; readonly approvalId: string; readonly answer: 'approve' | 'decline' };

export interface TokenClaims {
  /** Who holds the token. */
  readonly subject: string;
  readonly grant: TokenGrant;
  readonly expiresAtMs: number;
}

export type TokenCheck =
  | { readonly ok: true; readonly claims: TokenClaims }
  | { readonly ok: false; readonly code: 'malformed' | 'forged' | 'expired'; readonly reason: string };

export interface Tokens {
  mint(claims: TokenClaims): Promise<string>;
  /** Checks signature and expiry as of `asOfMs`. */
  check(token: string, asOfMs: number): Promise<TokenCheck>;
}
