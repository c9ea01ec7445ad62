/** The operator's tokens and mailbox: what the app must accept and what it must refuse. */
import { describe, expect, test } from 'vitest';
import { createOperatorTokens } from '../../demo/operator/tokens.ts';
import { createTokens } from '../../src/adapters/tokens/create-tokens.ts';

const secret = Buffer.alloc(48, 7);
const nowMs = Date.UTC(2026, 0, 1);
const operator = createOperatorTokens(secret.toString('base64url'), () => nowMs);
const app = createTokens(secret);

describe("the operator's tokens", () => {
  test('the app accepts the operator', async () => {
    const check = await app.check(await operator.operator(), nowMs);
    expect(check).toMatchObject({ ok: true, claims: { grant: { kind: 'operator', scopes: ['read', 'operate'] } } });
  });

  test('the app refuses a forged approval because of its signature', async () => {
    expect(await app.check(await operator.forgedApproval('a.w50'), nowMs)).toMatchObject({ ok: false, code: 'forged' });
  });

  test('the app refuses an expired approval because of its time alone', async () => {
    const token = await operator.expiredApproval('a.w50');
    expect(await app.check(token, nowMs)).toMatchObject({ ok: false, code: 'expired' });
    expect(await app.check(token, nowMs - 120_000)).toMatchObject({
      ok: true,
      claims: { grant: { kind: 'approval', approvalId: 'a.w50', answer: 'approve' } },
    });
  });
});
