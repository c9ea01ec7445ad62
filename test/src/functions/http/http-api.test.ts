import { HttpRequest } from '@azure/functions';
import { beforeEach, describe, expect, it } from 'vitest';
import { acquire, EMPTY_LANE } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { createAnswerApproval } from '../../../../src/functions/http/approvals.ts';
import { createSteerRollout } from '../../../../src/functions/http/commands.ts';
import {
  createGetRollout,
  createListRollouts,
  createRetryRollout,
  createStartRollout,
} from '../../../../src/functions/http/rollouts.ts';
import type { TokenCheck, TokenGrant } from '../../../../src/ports/tokens.ts';
import { aClaim } from '../../domain/a-claim.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';

const ID = 'rollout.flights.air-time.2.1';
const APPROVAL = `${ID}.w50`;
const GRANTS: Record<string, TokenGrant> = {
  reader: { kind: 'operator', scopes: ['read'] },
  operator: { kind: 'operator', scopes: ['read', 'operate'] },
  approver: { kind: 'approval', approvalId: APPROVAL, answer: 'approve' },
};
let control: InMemoryControl;
let audit: InMemoryAuditLog;
const tokens = {
  mint: async () => 'minted',
  check: async (token: string): Promise<TokenCheck> => {
    const grant = GRANTS[token];
    if (token === 'old') return { ok: false, code: 'expired', reason: 'The token has expired.' };
    if (!grant) return { ok: false, code: 'forged', reason: 'The signature is wrong.' };
    return { ok: true, claims: { subject: 'ada', grant, expiresAtMs: Date.parse(NOW) + 1000 } };
  },
};
const clock = { nowMs: () => Date.parse(NOW) };
let ids = 0;
const ports = () => ({ tokens, clock, audit, newId: () => `id${++ids}` });

function request(
  method: 'GET' | 'POST',
  token: string | null,
  body?: unknown,
  params: Record<string, string> = {},
  query: Record<string, string> = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new HttpRequest({
    method,
    url: 'https://slipway.example/api/x',
    headers: token ? { authorization: `Bearer ${token}` } : {},
    params,
    query,
    ...(body === undefined ? {} : { body: { string: text } }),
  });
}

beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
});

describe('starting a rollout', () => {
  const body = { model: 'air-time', version: '2' };
  const start = () => createStartRollout(ports(), createPolicies([aPolicy()]));

  it('answers 202 with its id, and 200 when it was started before', async () => {
    expect(await start()(request('POST', 'operator', body), control)).toMatchObject({
      status: 202,
      jsonBody: { rolloutId: ID, started: true },
    });
    expect(await start()(request('POST', 'operator', body), control)).toMatchObject({
      status: 200,
      jsonBody: { started: false },
    });
  });

  it.each([
    [null, 401, 'TokenMissing'],
    ['nonsense', 401, 'TokenForged'],
    ['old', 401, 'TokenExpired'],
    ['reader', 403, 'ScopeMissing'],
    ['approver', 403, 'ScopeMissing'],
  ])('with token %s answers %i', async (token, status, code) => {
    expect(await start()(request('POST', token, body), control)).toMatchObject({
      status,
      jsonBody: { error: { code } },
    });
    expect(control.instances.size).toBe(0);
  });

  it('names every problem of a bad body with its path', async () => {
    const reply = await start()(request('POST', 'operator', { model: '', version: 3, more: 1 }), control);
    const details = (reply.jsonBody as { error: { details: { path: string }[] } }).error.details;
    expect(reply.status).toBe(400);
    expect(details.map(({ path }) => path).sort()).toEqual(['(body)', 'model', 'version']);
  });

  it('refuses what is not JSON, what is too large, and an unknown model', async () => {
    expect(await start()(request('POST', 'operator', '{'), control)).toMatchObject({ status: 400 });
    expect(await start()(request('POST', 'operator', 'x'.repeat(70_000)), control)).toMatchObject({ status: 413 });
    expect(await start()(request('POST', 'operator', { ...body, model: 'other' }), control)).toMatchObject({
      status: 404,
    });
  });
});

describe('steering a rollout', () => {
  const steer = () => createSteerRollout(ports());
  const abort = (token = 'operator') =>
    steer()(request('POST', token, { reason: 'bad' }, { id: ID, command: 'abort' }), control);

  it('puts the command into the inbox and wakes the rollout', async () => {
    await control.startOnce('rollout', ID, { endpoint: 'flights' });
    control.lanes.set('flights', acquire(EMPTY_LANE, aClaim(ID), NOW).state);
    expect(await abort()).toMatchObject({ status: 202, jsonBody: { command: 'abort' } });
    expect(control.lanes.get('flights')?.inbox).toMatchObject([
      { command: { type: 'abort', by: 'ada', reason: 'bad' } },
    ]);
    expect(control.woken).toEqual([ID]);
  });

  it('says when the rollout is unknown, has ended, or is not in its lane yet', async () => {
    expect(await abort()).toMatchObject({ status: 404 });
    await control.startOnce('rollout', ID, { endpoint: 'flights' });
    expect(await abort()).toMatchObject({ status: 409, jsonBody: { error: { code: 'NotInLane' } } });
    control.end(ID, 'completed');
    expect(await abort()).toMatchObject({ status: 409, jsonBody: { error: { code: 'AlreadyEnded' } } });
  });

  it('needs a reason, a known command and the scope', async () => {
    expect(await steer()(request('POST', 'operator', {}, { id: ID, command: 'abort' }), control)).toMatchObject({
      status: 400,
    });
    expect(
      await steer()(request('POST', 'operator', { reason: 'r' }, { id: ID, command: 'explode' }), control),
    ).toMatchObject({ status: 404 });
    expect(await abort('reader')).toMatchObject({ status: 403 });
  });
});

describe('answering an approval', () => {
  const answer = () => createAnswerApproval(ports());
  const post = (token: string, choice = 'approve', approvalId = APPROVAL) =>
    answer()(request('POST', null, { token, answer: choice, reason: 'fine' }, { approvalId }), control);

  it('by GET shows a page and approves nothing', async () => {
    const reply = await answer()(
      request('GET', null, undefined, { approvalId: APPROVAL }, { token: 'approver', answer: 'approve' }),
      control,
    );
    expect(reply).toMatchObject({ status: 200, body: expect.stringContaining('<form method="post">') });
    expect(control.woken).toEqual([]);
  });

  it('by POST delivers the answer with its proof', async () => {
    await control.startOnce('rollout', ID, { endpoint: 'flights' });
    control.lanes.set('flights', acquire(EMPTY_LANE, aClaim(ID), NOW).state);
    expect(await post('approver')).toMatchObject({ status: 202 });
    expect(control.lanes.get('flights')?.inbox).toMatchObject([
      { command: { type: 'approve', approvalId: APPROVAL, token: 'approver' } },
    ]);
  });

  it.each([
    ['nonsense', 'approve', APPROVAL, 401],
    ['old', 'approve', APPROVAL, 410],
    ['operator', 'approve', APPROVAL, 403],
    ['approver', 'decline', APPROVAL, 403],
    ['approver', 'approve', 'rollout.other.w50', 403],
  ])('with token %s for %s of %s answers %i', async (token, choice, approvalId, status) => {
    expect(await post(token, choice, approvalId)).toMatchObject({ status });
    expect(control.woken).toEqual([]);
  });
});

describe('reading and retrying', () => {
  it('shows a rollout with its audit trail', async () => {
    const read = createGetRollout(ports());
    expect(await read(request('GET', 'reader', undefined, { id: ID }), control)).toMatchObject({ status: 404 });
    await control.startOnce('rollout', ID, {});
    expect(await read(request('GET', 'reader', undefined, { id: ID }), control)).toMatchObject({
      status: 200,
      jsonBody: { rolloutId: ID, status: 'active', audit: [] },
    });
    expect(await createListRollouts(ports())(request('GET', 'reader'), control)).toMatchObject({
      jsonBody: { rollouts: [{ rolloutId: ID }] },
    });
  });

  it('starts the next attempt of a version whose rollout has ended', async () => {
    const retry = createRetryRollout(ports(), createPolicies([aPolicy()]));
    await control.startOnce('rollout', ID, {});
    expect(await retry(request('POST', 'operator', undefined, { id: ID }), control)).toMatchObject({ status: 409 });
    control.end(ID, 'completed');
    const base = {
      rolloutId: ID,
      sequence: 0,
      atIso: NOW,
      kind: 'phase-changed',
      endpoint: 'flights',
      model: 'air-time',
      version: '2',
      attempt: 1,
      green: 'g',
    } as const;
    await audit.append({
      ...base,
      from: 'queued',
      phase: 'rolled-back',
      reason: 'r',
      actor: 'a',
      split: null,
      decision: null,
      evidence: null,
      code: null,
      failedMetrics: [],
    });
    expect(await retry(request('POST', 'operator', undefined, { id: ID }), control)).toMatchObject({
      status: 202,
      jsonBody: { rolloutId: 'rollout.flights.air-time.2.2' },
    });
  });
});
