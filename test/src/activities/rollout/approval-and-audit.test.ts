/** requestApproval, verifyApproval, recordAudit and wakeRollout: people's answers and the trail of what happened. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createRecordAudit } from '../../../../src/activities/rollout/record-audit.ts';
import { createRequestApproval } from '../../../../src/activities/rollout/request-approval.ts';
import { createVerifyApproval } from '../../../../src/activities/rollout/verify-approval.ts';
import { createWakeRollout } from '../../../../src/activities/rollout/wake-rollout.ts';
import { createTokens } from '../../../../src/adapters/tokens/create-tokens.ts';
import type { OrchestrationControl } from '../../../../src/ports/orchestration-control.ts';
import { RECORD } from '../../adapters/records-contract.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';
import { FLIGHTS, MODEL, ROLLOUT, version } from '../names.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const APPROVAL_ID = `${ROLLOUT}.w50`;
const DEADLINE_MS = NOW_MS + 4 * 3_600_000;
const tokens = createTokens(new Uint8Array(32).fill(1));

let publisher: RecordingPublisher;
beforeEach(() => {
  publisher = new RecordingPublisher();
});

async function request() {
  const activity = createRequestApproval(tokens, publisher, { publicUrl: 'https://slipway.example' });
  const answer = await activity({
    endpoint: FLIGHTS,
    model: MODEL,
    version: version('2'),
    rolloutId: ROLLOUT,
    approvalId: APPROVAL_ID,
    weight: 50,
    deadlineIso: new Date(DEADLINE_MS).toISOString(),
    situation: 'Green is as good as blue.',
    nowIso: new Date(NOW_MS).toISOString(),
  });
  const { data = {}, confidential = {} } = publisher.published.at(-1) ?? {};
  const linkOf = (name: string) => new URL(String(confidential[name]));
  return { answer, data, approve: linkOf('approveUrl'), decline: linkOf('declineUrl') };
}

const verify = (token: string, answer: 'approve' | 'decline' = 'approve', atMs = NOW_MS, approvalId = APPROVAL_ID) =>
  createVerifyApproval(tokens)({ approvalId, answer, token, receivedAtIso: new Date(atMs).toISOString() });

describe('requestApproval', () => {
  test('the links are published once under a stable id, and the answer carries no token', async () => {
    const { answer, approve, decline } = await request();
    expect(answer).toEqual({ requested: true });
    expect(publisher.published[0]).toEqual({
      id: `${APPROVAL_ID}.requested`,
      type: 'Slipway.Approval.Requested',
      subject: `rollouts/${ROLLOUT}`,
      timeIso: new Date(NOW_MS).toISOString(),
      data: {
        rolloutId: ROLLOUT,
        approvalId: APPROVAL_ID,
        endpoint: FLIGHTS,
        model: MODEL,
        version: '2',
        weight: 50,
        deadlineIso: new Date(DEADLINE_MS).toISOString(),
        situation: 'Green is as good as blue.',
      },
      confidential: { approveUrl: approve.href, declineUrl: decline.href },
    });
    expect(approve.origin + approve.pathname).toBe(`https://slipway.example/api/approvals/${APPROVAL_ID}`);
    expect([approve.searchParams.get('answer'), decline.searchParams.get('answer')]).toEqual(['approve', 'decline']);
    await request();
    expect(new Set(publisher.published.map(({ id }) => id)).size).toBe(1);
  });

  test('a topic that is away makes it throw, so that the request is not lost', async () => {
    publisher.failures = 1;
    await expect(request()).rejects.toThrow();
  });
});

describe('verifyApproval', () => {
  let token: string;
  beforeEach(async () => {
    token = (await request()).approve.searchParams.get('token') ?? '';
  });

  test('the token of the link counts until the deadline', async () => {
    expect(await verify(token)).toEqual({ valid: true, by: 'holder of the approval link' });
    expect(await verify(token, 'approve', DEADLINE_MS - 1)).toMatchObject({ valid: true });
    expect(await verify(token, 'approve', DEADLINE_MS)).toMatchObject({
      valid: false,
      reason: expect.stringMatching(/expired/),
    });
  });

  test('the token of one answer does not give the other', async () => {
    expect(await verify(token, 'decline')).toMatchObject({ valid: false, reason: expect.stringMatching(/"approve"/) });
  });

  test('a token for another approval does not count', async () => {
    expect(await verify(token, 'approve', NOW_MS, 'another.w50')).toMatchObject({ valid: false });
  });

  test('an operator token is no approval', async () => {
    const grant = { kind: 'operator', scopes: ['operate'] } as const;
    const operator = await tokens.mint({ subject: 'ops', grant, expiresAtMs: DEADLINE_MS });
    expect(await verify(operator)).toMatchObject({ valid: false, reason: expect.stringMatching(/not for approvals/) });
  });

  test('forged and malformed tokens, and a time that is none, do not count', async () => {
    expect(await verify(`${token.slice(0, -4)}AAAA`)).toMatchObject({ valid: false });
    expect(await verify('nonsense')).toMatchObject({ valid: false });
    const timeless = { approvalId: APPROVAL_ID, answer: 'approve', token, receivedAtIso: 'yesterday' } as const;
    expect(await createVerifyApproval(tokens)(timeless)).toMatchObject({ valid: false });
  });
});

describe('recordAudit', () => {
  test('a record is kept, then published under an id made of rollout and sequence', async () => {
    const audit = new InMemoryAuditLog();
    await createRecordAudit(audit, publisher)({ record: RECORD });
    expect(await audit.listRollout(RECORD.rolloutId)).toEqual([RECORD]);
    expect(publisher.published).toEqual([
      {
        id: `${RECORD.rolloutId}.1`,
        type: 'Slipway.Rollout.PhaseChanged',
        subject: `rollouts/${RECORD.rolloutId}`,
        timeIso: RECORD.atIso,
        data: RECORD,
      },
    ]);
  });

  test('when the topic was away the repeated activity keeps one record and publishes it', async () => {
    const audit = new InMemoryAuditLog();
    publisher.failures = 1;
    const record = createRecordAudit(audit, publisher);
    await expect(record({ record: RECORD })).rejects.toThrow();
    await record({ record: RECORD });
    expect(await audit.listRollout(RECORD.rolloutId)).toHaveLength(1);
    expect(publisher.published).toHaveLength(1);
  });
});

test('wakeRollout wakes the rollout it names', async () => {
  const woken: string[] = [];
  const control = { wake: async (id: string) => void woken.push(id) } as Partial<OrchestrationControl>;
  expect(await createWakeRollout(control as OrchestrationControl)({ rolloutId: 'next' })).toEqual({ woken: true });
  expect(woken).toEqual(['next']);
});
