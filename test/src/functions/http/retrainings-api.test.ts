/** The HTTP API of retrainings: who may, what is refused, and what starts, tells and ends one. */
import { HttpRequest } from '@azure/functions';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EndpointName } from '../../../../src/domain/ids/names.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { EMPTY_COOL_DOWN } from '../../../../src/domain/retraining/cool-down.ts';
import type { RetrainingState } from '../../../../src/domain/retraining/state.ts';
import {
  createAbortRetraining,
  createGetRetraining,
  createListRetrainings,
  createStartRetraining,
} from '../../../../src/functions/http/retrainings.ts';
import type { TokenCheck, TokenGrant } from '../../../../src/ports/tokens.ts';
import { RETRAINING } from '../../adapters/records-contract.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { aRetrainingPolicy } from '../../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';

const GRANTS: Record<string, TokenGrant> = {
  reader: { kind: 'operator', scopes: ['read'] },
  operator: { kind: 'operator', scopes: ['read', 'operate'] },
};
const tokens = {
  mint: async () => 'minted',
  check: async (token: string): Promise<TokenCheck> => {
    const grant = GRANTS[token];
    if (!grant) return { ok: false, code: 'forged', reason: 'The signature is wrong.' };
    return { ok: true, claims: { subject: 'ada', grant, expiresAtMs: Date.parse(NOW) + 1000 } };
  },
};
const POLICY = aPolicy({ retrain: aRetrainingPolicy() });
const ID = RETRAINING.retrainingId;

let control: InMemoryControl;
let audit: InMemoryAuditLog;
let ids = 0;
const ports = () => ({ tokens, clock: { nowMs: () => Date.parse(NOW) }, audit, newId: () => `id${++ids}` });

beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
});

function request(method: 'GET' | 'POST', token: string, body?: unknown, id = ''): HttpRequest {
  return new HttpRequest({
    method,
    url: 'https://slipway.example/api/retrainings',
    headers: { authorization: `Bearer ${token}` },
    params: { id },
    ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
  });
}

const started = () => [...control.instances.values()].map(({ input }) => input as RetrainingState);

describe('starting', () => {
  const wish = { model: 'air-time', reason: 'a new season' };
  const start = (body: object, policies = [POLICY], token = 'operator') =>
    createStartRetraining(ports(), createPolicies(policies))(request('POST', token, body), control);

  it('answers with the id of what was started for whom and why', async () => {
    const reply = await start(wish);
    const [state] = started();
    expect(reply).toMatchObject({ status: 202, jsonBody: { started: true, retrainingId: state?.retrainingId } });
    expect(reply.headers).toMatchObject({ location: `/api/retrainings/${state?.retrainingId}` });
    expect(state).toMatchObject({
      ignoreCoolDown: false,
      trigger: { kind: 'http', sentence: 'ada asked for it: a new season' },
    });
  });

  it('twice with the same key starts one; without a key each request is an occasion of its own', async () => {
    expect((await start({ ...wish, key: 'season-4' })).status).toBe(202);
    expect(await start({ ...wish, key: 'season-4' })).toMatchObject({ status: 200, jsonBody: { started: false } });
    await start(wish);
    await start(wish);
    expect(started()).toHaveLength(3);
  });

  it('may ignore the cool-down', async () => {
    await start({ ...wish, ignoreCoolDown: true });
    expect(started()).toMatchObject([{ ignoreCoolDown: true }]);
  });

  it.each([
    ['a reader', wish, [POLICY], 'reader', 403, 'ScopeMissing'],
    ['a stranger', wish, [POLICY], 'stranger', 401, 'TokenForged'],
    ['no reason', { model: 'air-time' }, [POLICY], 'operator', 400, 'InvalidBody'],
    ['a member that is not known', { ...wish, force: true }, [POLICY], 'operator', 400, 'InvalidBody'],
    ['a model without a policy', { ...wish, model: 'other' }, [POLICY], 'operator', 404, 'NoPolicy'],
    ['a policy that does not retrain', wish, [aPolicy()], 'operator', 404, 'NoPolicy'],
    [
      'two policies for the model',
      wish,
      [POLICY, { ...POLICY, endpoint: 'trains' as EndpointName }],
      'operator',
      409,
      'SeveralPolicies',
    ],
  ])('is refused for %s', async (_name, body, policies, token, status, code) => {
    expect(await start(body, policies, token)).toMatchObject({ status, jsonBody: { error: { code } } });
    expect(started()).toEqual([]);
  });

  it('takes the endpoint that is named, where several policies retrain the model', async () => {
    const other = { ...POLICY, endpoint: 'trains' as EndpointName };
    await start({ ...wish, endpoint: 'trains' }, [POLICY, other]);
    expect(started()).toMatchObject([{ endpoint: 'trains' }]);
  });
});

describe('reading', () => {
  it('one gives its status and its audit trail', async () => {
    await control.startOnce('retraining', ID, { phase: 'training' });
    await audit.appendRetraining(RETRAINING);
    const reply = await createGetRetraining(ports())(request('GET', 'reader', undefined, ID), control);
    expect(reply).toMatchObject({
      status: 200,
      jsonBody: { retrainingId: ID, status: 'active', customStatus: { phase: 'training' }, audit: [RETRAINING] },
    });
  });

  it('one that ended long ago still gives its audit trail', async () => {
    await audit.appendRetraining(RETRAINING);
    const reply = await createGetRetraining(ports())(request('GET', 'reader', undefined, ID), control);
    expect(reply).toMatchObject({ status: 200, jsonBody: { status: 'absent', audit: [RETRAINING] } });
  });

  it.each([ID, 'rollout.flights.air-time.2.1', ''])('"%s", of which nothing is known, is 404', async (id) => {
    const reply = await createGetRetraining(ports())(request('GET', 'reader', undefined, id), control);
    expect(reply).toMatchObject({ status: 404, jsonBody: { error: { code: 'UnknownRetraining' } } });
  });

  it('all of them gives ids and states', async () => {
    await control.startOnce('retraining', ID, { phase: 'gating' });
    const reply = await createListRetrainings(ports())(request('GET', 'reader'), control);
    expect(reply).toMatchObject({
      status: 200,
      jsonBody: { retrainings: [{ retrainingId: ID, customStatus: { phase: 'gating' } }] },
    });
  });
});

describe('aborting', () => {
  const abort = (token = 'operator', id = ID, body: object = { reason: 'wrong data' }) =>
    createAbortRetraining(ports(), createPolicies([POLICY]))(request('POST', token, body, id), control);

  it('puts the wish where the retraining reads it, and wakes it', async () => {
    await control.startOnce('retraining', ID, {});
    await audit.appendRetraining(RETRAINING);
    expect(await abort()).toMatchObject({ status: 202, jsonBody: { retrainingId: ID, command: 'abort' } });
    expect(control.aborts).toEqual([{ retrainingId: ID, by: 'ada', reason: 'wrong data' }]);
    expect(control.woken).toEqual([ID]);
  });

  it('what has ended is refused', async () => {
    await control.startOnce('retraining', ID, {});
    control.end(ID, 'completed');
    await audit.appendRetraining(RETRAINING);
    expect(await abort()).toMatchObject({ status: 409, jsonBody: { error: { code: 'AlreadyEnded' } } });
    expect(control.aborts).toEqual([]);
  });

  it('what was terminated and still holds its model cancels its job, however often it is asked', async () => {
    await control.startOnce('retraining', ID, {});
    control.end(ID, 'terminated');
    control.coolDowns.set('flights.air-time', { ...EMPTY_COOL_DOWN, holder: ID, lastSeenIso: NOW });
    await audit.appendRetraining(RETRAINING);
    expect(await abort()).toMatchObject({ status: 202 });
    expect(await abort()).toMatchObject({ status: 202 });
    expect(control.instances.get(`recover.${ID}.1`)?.input).toMatchObject({
      phase: 'canceling',
      cancellation: { end: 'aborted', actor: 'ada' },
    });
    expect([...control.instances.keys()]).toEqual([ID, `recover.${ID}.1`]);
    const reply = await createListRetrainings(ports())(request('GET', 'reader'), control);
    expect(reply).toMatchObject({ jsonBody: { retrainings: [{ retrainingId: ID }] } });
  });

  it.each([
    ['an unknown one', 'operator', ID, { reason: 'r' }, 404],
    ['a rollout', 'operator', 'rollout.flights.air-time.2.1', { reason: 'r' }, 404],
    ['with a token for reading', 'reader', ID, { reason: 'r' }, 403],
    ['without a reason', 'operator', ID, {}, 400],
  ])('%s is refused', async (_name, token, id, body, status) => {
    expect((await abort(token, id, body)).status).toBe(status);
    expect(control.aborts).toEqual([]);
  });
});
