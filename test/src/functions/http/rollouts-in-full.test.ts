/** Replies of the API of rollouts in full: status, body and headers, for every way a request can end. */

import { beforeEach, describe, expect, it } from 'vitest';
import { acquire, EMPTY_LANE } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { createSteerRollout } from '../../../../src/functions/http/commands.ts';
import {
  createGetRollout,
  createListRollouts,
  createRetryRollout,
  createStartRollout,
} from '../../../../src/functions/http/rollouts.ts';
import { RECORD } from '../../adapters/records-contract.ts';
import { aClaim } from '../../domain/a-claim.ts';
import { aPolicy, aState, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { aRequest, type Call, HEADERS, somePorts } from './an-operator.ts';

const ID = 'rollout.flights.air-time.2.1';
const OTHER = aPolicy({ endpoint: 'flights-eu' as never });
const WISH = { model: 'air-time', version: '2' };

let control: InMemoryControl;
let ports: ReturnType<typeof somePorts>;
beforeEach(() => {
  control = new InMemoryControl();
  ports = somePorts();
});

const failure = (status: number, code: string, message: unknown, more: object = {}, headers: object = {}) => ({
  status,
  jsonBody: { error: { code, message, ...more } },
  headers: { ...HEADERS, ...headers },
});

describe('a start', () => {
  const start = (call: Call, policies = [aPolicy()]) =>
    createStartRollout(ports, createPolicies(policies))(aRequest(call), control);

  it('answers with the id and where to look, and carries who asked and the policy without the retraining', async () => {
    const reply = (status: number, started: boolean) => ({
      status,
      jsonBody: { rolloutId: ID, started },
      headers: { ...HEADERS, location: `/api/rollouts/${ID}` },
    });
    expect(await start({ body: WISH })).toEqual(reply(202, true));
    expect(await start({ body: WISH })).toEqual(reply(200, false));
    expect(control.instances.get(ID)).toMatchObject({
      orchestrator: 'rollout',
      input: aState({ cause: { kind: 'http', reference: 'ada' } }),
    });
  });

  it('of a model with two policies needs the endpoint, and starts that one', async () => {
    expect(await start({ body: WISH }, [aPolicy(), OTHER])).toEqual(
      failure(409, 'SeveralPolicies', expect.stringContaining('air-time')),
    );
    const reply = await start({ body: { ...WISH, endpoint: 'flights-eu' } }, [aPolicy(), OTHER]);
    expect(reply.jsonBody).toEqual({ rolloutId: 'rollout.flights-eu.air-time.2.1', started: true });
    expect([...control.instances.values()].map(({ input }) => (input as { policy: object }).policy)).toEqual([OTHER]);
  });

  it.each([
    ['no header', null],
    ['another scheme', 'Basic operator'],
    ['two words', 'Bearer operator and more'],
    ['a word before it', 'X Bearer operator'],
    ['an empty token', 'Bearer '],
    ['a token of 4001 characters', `Bearer ${'x'.repeat(4001)}`],
  ])('with %s says how to call', async (_what, authorization) => {
    const message = 'Send an operator token as "Authorization: Bearer <token>"; "npm run token" mints one.';
    const challenge = { 'www-authenticate': 'Bearer realm="slipway"' };
    expect(await start({ body: WISH, authorization })).toEqual(failure(401, 'TokenMissing', message, {}, challenge));
    expect(control.instances.size).toBe(0);
  });

  it('with a bad token, or one that may not, says so', async () => {
    const challenge = { 'www-authenticate': 'Bearer realm="slipway"' };
    expect(await start({ body: WISH, authorization: `Bearer ${'x'.repeat(4000)}` })).toEqual(
      failure(401, 'TokenForged', 'The signature is wrong.', {}, challenge),
    );
    for (const authorization of ['Bearer reader', 'bearer approver']) {
      const reply = await start({ body: WISH, authorization });
      expect(reply).toEqual(failure(403, 'ScopeMissing', 'The token does not allow to operate rollouts.'));
    }
  });

  it('with a bad body names every problem with its path', async () => {
    const expected = {
      details: [
        { path: 'version', message: expect.any(String) },
        { path: '(body)', message: expect.any(String) },
      ],
    };
    expect(await start({ body: { model: 'air-time', version: 3, x: 1 } })).toEqual(
      failure(400, 'InvalidBody', 'The request body has 2 problem(s).', expected),
    );
    const missing = await start({});
    expect(missing).toMatchObject({ status: 400, jsonBody: { error: { code: 'InvalidBody' } } });
    expect(await start({ body: '{' })).toEqual(
      failure(400, 'InvalidJson', expect.stringMatching(/^The body is not JSON: SyntaxError: ./)),
    );
  });

  it('takes a body of 64 kB, and no byte more', async () => {
    const body = JSON.stringify(WISH);
    expect(await start({ body: body.padEnd(65_536) })).toMatchObject({ status: 202 });
    expect(await start({ body: body.padEnd(65_537) })).toEqual(
      failure(413, 'BodyTooLarge', 'The body is larger than 65536 bytes.'),
    );
  });

  it('of a model without a policy is not found', async () => {
    expect(await start({ body: { ...WISH, model: 'other' } })).toEqual(
      failure(404, 'NoPolicy', expect.stringContaining('other')),
    );
  });
});

describe('reading', () => {
  it('one shows status and trail, also when only the trail is left', async () => {
    const read = (call: Call) => createGetRollout(ports)(aRequest({ method: 'GET', ...call }), control);
    const unknown = failure(404, 'UnknownRollout', `There is no rollout ${ID}.`);
    expect(await read({ params: { id: ID } })).toEqual(unknown);
    expect(await read({ params: { id: 'x'.repeat(201) } })).toEqual(
      failure(404, 'UnknownRollout', `There is no rollout ${'x'.repeat(200)}.`),
    );
    expect(await read({})).toEqual(failure(404, 'UnknownRollout', 'There is no rollout .'));
    await control.startOnce('rollout', ID, { phase: 'queued' });
    const view = {
      orchestrator: 'rollout',
      input: { phase: 'queued' },
      customStatus: { phase: 'queued' },
      output: null,
    };
    expect(await read({ params: { id: ID } })).toEqual({
      status: 200,
      jsonBody: { rolloutId: ID, ...view, status: 'active', audit: [] },
      headers: HEADERS,
    });
    control.instances.clear();
    await ports.audit.append(RECORD);
    expect(await read({ params: { id: ID } })).toMatchObject({
      status: 200,
      jsonBody: { status: 'absent', audit: [RECORD] },
    });
    expect(await read({ params: { id: ID }, authorization: 'Bearer writer' })).toMatchObject({ status: 403 });
  });

  it('all lists those of the last seven days, at most a hundred', async () => {
    const list = (call: Call = {}) => createListRollouts(ports)(aRequest({ method: 'GET', ...call }), control);
    await control.startOnce('rollout', ID, {});
    const view = { orchestrator: 'rollout', input: {}, customStatus: {}, output: null, status: 'active' };
    expect(await list()).toEqual({
      status: 200,
      jsonBody: { rollouts: [{ rolloutId: ID, ...view }] },
      headers: HEADERS,
    });
    expect(control.listed).toEqual({ sinceMs: Date.parse('2026-02-22T12:00:00Z'), limit: 100 });
    expect(await list({ authorization: 'Bearer writer' })).toMatchObject({ status: 403 });
  });
});

describe('a retry', () => {
  const retry = (
    call: Call = { params: { id: ID } },
    policies = [OTHER, aPolicy({ model: 'x' as never }), aPolicy()],
  ) => createRetryRollout(ports, createPolicies(policies))(aRequest(call), control);
  const next = (attempt: number) => `rollout.flights.air-time.2.${attempt}`;

  it('takes the attempt after the last one that was used, and says who asked', async () => {
    await ports.audit.append(RECORD);
    for (const attempt of [2, 3]) {
      await control.startOnce('rollout', next(attempt), {});
      control.end(next(attempt), 'failed');
    }
    expect(await retry()).toEqual({
      status: 202,
      jsonBody: { rolloutId: next(4), started: true },
      headers: { ...HEADERS, location: `/api/rollouts/${next(4)}` },
    });
    expect(control.instances.get(next(4))?.input).toMatchObject({
      attempt: 4,
      cause: { kind: 'retry', reference: 'ada' },
      policy: aPolicy(),
      requestedAtIso: NOW,
    });
    expect(await retry()).toEqual(failure(409, 'StillRunning', `${next(4)} is running already.`));
  });

  it('of what runs, what is not known, and what no policy names any more starts nothing', async () => {
    expect(await retry()).toEqual(failure(404, 'UnknownRollout', `There is no rollout ${ID}.`));
    expect(await retry({})).toEqual(failure(404, 'UnknownRollout', 'There is no rollout .'));
    await ports.audit.append(RECORD);
    const message = 'No policy names model air-time and endpoint flights any more.';
    expect(await retry(undefined, [OTHER, aPolicy({ model: 'x' as never })])).toEqual(
      failure(404, 'NoPolicy', message),
    );
    await control.startOnce('rollout', ID, {});
    expect(await retry()).toEqual(failure(409, 'StillRunning', `${ID} has not ended; abort it first.`));
    expect(await retry({ params: { id: ID }, authorization: 'Bearer reader' })).toMatchObject({ status: 403 });
    expect(control.instances.size).toBe(1);
  });

  it('gets the fiftieth attempt, and no more', async () => {
    await ports.audit.append({ ...RECORD, attempt: 49 });
    expect(await retry()).toMatchObject({ status: 202, jsonBody: { rolloutId: next(50) } });
    control.end(next(50), 'completed');
    expect(await retry()).toEqual(
      failure(409, 'TooManyAttempts', 'Version 2 had 50 attempts; register a new version.'),
    );
  });
});

describe('a command', () => {
  const steer = (call: Call) => createSteerRollout(ports)(aRequest(call), control);
  const abort = { params: { id: ID, command: 'abort' }, body: { reason: 'bad' } };
  const enter = (rolloutId: string) => {
    const claim = aClaim(rolloutId);
    control.lanes.set('flights', acquire(control.lanes.get('flights') ?? EMPTY_LANE, claim, NOW).state);
  };

  it.each(['abort', 'pause', 'resume', 'promote'])(
    '%s reaches a rollout that waits in line for the endpoint',
    async (command) => {
      enter('rollout.flights.air-time.1.1');
      enter(ID);
      await control.startOnce('rollout', ID, { endpoint: 'flights' });
      expect(await steer({ ...abort, params: { id: ID, command } })).toEqual({
        status: 202,
        jsonBody: { rolloutId: ID, commandId: 'id1', command },
        headers: HEADERS,
      });
      expect(control.lanes.get('flights')?.inbox).toEqual([
        {
          id: 'id1',
          sequence: 1,
          rolloutId: ID,
          receivedAtIso: NOW,
          command: { type: command, by: 'ada', reason: 'bad' },
        },
      ]);
      expect(control.woken).toEqual([ID]);
    },
  );

  it('that cannot be delivered says why, and whether to come again', async () => {
    expect(await steer(abort)).toEqual(failure(404, 'UnknownRollout', `There is no rollout ${ID}.`));
    await control.startOnce('rollout', ID, { endpoint: 'flights' });
    const later = failure(
      409,
      'NotInLane',
      `${ID} has not entered its lane yet; try again.`,
      {},
      { 'retry-after': '2' },
    );
    expect(await steer(abort)).toEqual(later);
    enter('rollout.flights.air-time.1.1');
    expect(await steer(abort)).toEqual(later);
    control.end(ID, 'terminated');
    expect(await steer(abort)).toEqual(failure(409, 'AlreadyEnded', `${ID} has ended (terminated).`));
    expect(control.woken).toEqual([]);
  });

  it.each([
    ['that is none', { ...abort, params: { id: ID, command: 'supersede' } }, 404, 'UnknownCommand'],
    ['without a name', { ...abort, params: { id: ID } }, 404, 'UnknownCommand'],
    ['without a reason', { ...abort, body: { reason: '' } }, 400, 'InvalidBody'],
    ['of a reader', { ...abort, authorization: 'Bearer reader' }, 403, 'ScopeMissing'],
  ])('%s is refused', async (_what, call, status, code) => {
    enter(ID);
    await control.startOnce('rollout', ID, { endpoint: 'flights' });
    const reply = await steer(call);
    expect(reply).toMatchObject({ status, jsonBody: { error: { code } } });
    if (code === 'UnknownCommand')
      expect(reply.jsonBody.error.message).toBe('Commands are abort, pause, resume, promote.');
    expect(control.lanes.get('flights')?.inbox).toEqual([]);
  });
});
