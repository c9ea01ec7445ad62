/** Tokens: what was minted is read back; everything else is refused with its cause. */
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createTokens } from '../../../../src/adapters/tokens/create-tokens.ts';
import type { TokenClaims } from '../../../../src/ports/tokens.ts';

const SECRET = new Uint8Array(32).fill(7);
const NOW_MS = Date.UTC(2026, 2, 1);
const APPROVAL: TokenClaims = {
  subject: 'link',
  grant: { kind: 'approval', approvalId: 'rollout.a.w50', answer: 'approve' },
  expiresAtMs: NOW_MS + 60_000,
};
const OPERATOR: TokenClaims = {
  subject: 'ops',
  grant: { kind: 'operator', scopes: ['read', 'operate'] },
  expiresAtMs: NOW_MS + 60_000,
};

describe('createTokens', () => {
  const tokens = createTokens(SECRET);
  const codeOf = async (token: string, atMs = NOW_MS) => {
    const check = await tokens.check(token, atMs);
    return check.ok ? 'ok' : check.code;
  };

  test.each([APPROVAL, OPERATOR])('what was minted is read back', async (claims) => {
    expect(await tokens.check(await tokens.mint(claims), NOW_MS)).toEqual({ ok: true, claims });
  });

  test('a token ends at its expiry, judged by the given time', async () => {
    const token = await tokens.mint(APPROVAL);
    expect(await codeOf(token, NOW_MS + 59_999)).toBe('ok');
    expect(await codeOf(token, NOW_MS + 60_000)).toBe('expired');
  });

  test('a token of another secret is forged', async () => {
    expect(await codeOf(await createTokens(new Uint8Array(32).fill(8)).mint(APPROVAL))).toBe('forged');
  });

  test('a changed payload is forged', async () => {
    const [head, body = '', signature] = (await tokens.mint(APPROVAL)).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    claims.grant.answer = 'decline';
    const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await codeOf([head, changed, signature].join('.'))).toBe('forged');
  });

  const signed = (changes: Record<string, unknown>, audience: string, issuer = 'slipway', alg = 'HS256') =>
    new SignJWT({ grant: OPERATOR.grant, ...changes })
      .setProtectedHeader({ alg })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('ops')
      .setExpirationTime(NOW_MS / 1000 + 60);

  test('a token for one use does not pass for another', async () => {
    expect(await codeOf(await signed({}, 'slipway-approval').sign(SECRET))).toBe('forged');
    expect(await codeOf(await signed({}, 'someone-else').sign(SECRET))).toBe('forged');
    expect(await codeOf(await signed({}, 'slipway-operator', 'someone').sign(SECRET))).toBe('forged');
    expect(await codeOf(await signed({}, 'slipway-operator').sign(SECRET))).toBe('ok');
  });

  test('an unsigned token and one with another algorithm are forged', async () => {
    const none = new UnsecuredJWT({ grant: OPERATOR.grant }).setAudience('slipway-operator').encode();
    expect(['forged', 'malformed']).toContain(await codeOf(none));
    const hs512 = await signed({}, 'slipway-operator', 'slipway', 'HS512').sign(new Uint8Array(64).fill(7));
    expect(await codeOf(hs512)).toBe('forged');
  });

  test.each([
    ['no token', 'hello'],
    ['an empty text', ''],
    ['a very long text', 'x'.repeat(5000)],
  ])('%s is malformed', async (_case, text) => {
    expect(await codeOf(text)).toBe('malformed');
  });

  test('a token without expiry never counts', async () => {
    const endless = await new SignJWT({ grant: OPERATOR.grant })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('slipway')
      .setAudience('slipway-operator')
      .setSubject('ops')
      .sign(SECRET);
    expect(await codeOf(endless)).not.toBe('ok');
  });

  test('a grant of an unknown kind is malformed', async () => {
    expect(await codeOf(await signed({ grant: { kind: 'root' } }, 'slipway-operator').sign(SECRET))).toBe('malformed');
  });

  test('a short secret is refused', () => {
    expect(() => createTokens(new Uint8Array(31))).toThrow(/32 bytes/);
  });
});
