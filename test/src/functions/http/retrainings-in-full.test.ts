/** Replies of the API of retrainings in full: status, body and headers, for every way a request can end. */

import { beforeEach, describe, expect, it } from 'vitest';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { EMPTY_COOL_DOWN } from '../../../../src/domain/retraining/cool-down.ts';
import { judgeAgainOf } from '../../../../src/domain/retraining/judge-again.ts';
import { createJudgeAgain } from '../../../../src/functions/http/judge-again.ts';
import {
  createAbortRetraining,
  createGetRetraining,
  createListRetrainings,
  createStartRetraining,
} from '../../../../src/functions/http/retrainings.ts';
import { RETRAINING } from '../../adapters/records-contract.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { aRetrainingPolicy } from '../../domain/a-retraining-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { aRequest, type Call, HEADERS, somePorts } from './an-operator.ts';

const ID = RETRAINING.retrainingId;
const retrain = aRetrainingPolicy();
const POLICY = { ...aPolicy(), retrain };
const ELSEWHERE = { ...POLICY, endpoint: 'flights-eu' as never };
const OTHER_MODEL = { ...POLICY, model: 'other' as never };
const UNREADABLE = { ...RETRAINING, sequence: 5, phase: 'metrics-unreadable', job: 'slipway-air-time-01' } as const;
const SOME = { params: { id: ID }, body: { reason: 'wrong data' } };

let control: InMemoryControl;
let ports: ReturnType<typeof somePorts>;
beforeEach(() => {
  control = new InMemoryControl();
  ports = somePorts();
});

const failure = (status: number, code: string, message: unknown) => ({
  status,
  jsonBody: { error: { code, message } },
  headers: HEADERS,
});
const unknown = failure(404, 'UnknownRetraining', `There is no retraining ${ID}.`);

describe('a start', () => {
  const start = (body: object, policies: readonly (typeof POLICY)[]) =>
    createStartRetraining(ports, createPolicies(policies))(aRequest({ body }), control);

  it('answers where to look, whoever else retrains', async () => {
    const reply = await start({ model: 'air-time', reason: 'r', key: 'k' }, [OTHER_MODEL, POLICY]);
    const [state] = [...control.instances.values()];
    expect(reply).toEqual({
      status: 202,
      jsonBody: { retrainingId: state?.instanceId, started: true },
      headers: { ...HEADERS, location: `/api/retrainings/${state?.instanceId}` },
    });
    expect(state).toMatchObject({ orchestrator: 'retraining', input: { model: 'air-time', endpoint: 'flights' } });
    expect(state?.input).toMatchObject({ trigger: { reference: 'k', sentence: 'ada asked for it: r' } });
  });

  it('that no policy covers, or several, says which word is missing', async () => {
    const wish = { model: 'air-time', reason: 'r' };
    const none = failure(404, 'NoPolicy', 'No policy says how air-time is retrained.');
    expect(await start(wish, [OTHER_MODEL])).toEqual(none);
    expect(await start({ ...wish, endpoint: 'flights-us' }, [POLICY, ELSEWHERE])).toEqual(none);
    const several = failure(409, 'SeveralPolicies', 'Several policies retrain air-time: say which endpoint.');
    expect(await start(wish, [POLICY, ELSEWHERE])).toEqual(several);
    expect(control.instances.size).toBe(0);
  });
});

describe('reading', () => {
  it('all lists those of the last seven days, at most a hundred, and retrainings only', async () => {
    await control.startOnce('retraining', ID, {});
    await control.startOnce('retraining', `recover.${ID}.1`, {});
    const reply = await createListRetrainings(ports)(aRequest({ method: 'GET' }), control);
    const view = { orchestrator: 'retraining', input: {}, status: 'active', customStatus: {}, output: null };
    expect(reply).toEqual({
      status: 200,
      jsonBody: { retrainings: [{ retrainingId: ID, ...view }] },
      headers: HEADERS,
    });
    expect(control.listed).toEqual({ sinceMs: Date.parse('2026-02-22T12:00:00Z'), limit: 100 });
  });

  it('one that is not known, or has no name, is not found', async () => {
    const read = (call: Call) => createGetRetraining(ports)(aRequest({ method: 'GET', ...call }), control);
    expect(await read({ params: { id: ID } })).toEqual(unknown);
    expect(await read({})).toEqual(failure(404, 'UnknownRetraining', 'There is no retraining .'));
    const long = failure(404, 'UnknownRetraining', `There is no retraining ${'x'.repeat(200)}.`);
    expect(await read({ params: { id: 'x'.repeat(201) } })).toEqual(long);
    await ports.audit.appendRetraining(RETRAINING);
    expect(await read({ params: { id: ID } })).toEqual({
      status: 200,
      jsonBody: { retrainingId: ID, status: 'absent', customStatus: null, output: null, audit: [RETRAINING] },
      headers: HEADERS,
    });
  });
});

describe('an abort', () => {
  const abort = (call: Call = SOME, policies = [ELSEWHERE, OTHER_MODEL, POLICY]) =>
    createAbortRetraining(ports, createPolicies(policies))(aRequest(call), control);
  const done = { status: 202, jsonBody: { retrainingId: ID, command: 'abort' }, headers: HEADERS };
  const over = failure(409, 'AlreadyEnded', `${ID} has ended already.`);

  it('is posted for who asked and why, and wakes it', async () => {
    expect(await abort()).toEqual(unknown);
    await control.startOnce('retraining', ID, {});
    expect(await abort()).toEqual(unknown);
    await ports.audit.appendRetraining(RETRAINING);
    expect(await abort()).toEqual(done);
    expect(control.aborts).toEqual([{ retrainingId: ID, by: 'ada', reason: 'wrong data' }]);
    expect(control.woken).toEqual([ID]);
    expect(await abort({ ...SOME, params: {} })).toMatchObject({ status: 404 });
    expect(await abort({ ...SOME, body: {} })).toMatchObject({ status: 400 });
    expect(await abort({ ...SOME, authorization: 'Bearer reader' })).toMatchObject({ status: 403 });
  });

  it('of one that is gone cleans up only while that one holds its model', async () => {
    await ports.audit.appendRetraining(RETRAINING);
    await control.startOnce('retraining', ID, {});
    control.end(ID, 'terminated');
    expect(await abort()).toEqual(over);
    control.coolDowns.set('flights.air-time', { ...EMPTY_COOL_DOWN, holder: 'another', lastSeenIso: NOW });
    expect(await abort()).toEqual(over);
    control.coolDowns.set('flights.air-time', { ...EMPTY_COOL_DOWN, holder: ID, lastSeenIso: NOW });
    expect(await abort(SOME, [ELSEWHERE, OTHER_MODEL])).toEqual(over);
    expect(await abort()).toEqual(done);
    expect(control.instances.get(`recover.${ID}.1`)).toMatchObject({
      orchestrator: 'retraining',
      input: { cancellation: { actor: 'ada' }, policy: retrain },
    });
    expect(control.aborts).toEqual([]);
  });

  it('that ten recoveries did not bring about says so', async () => {
    await ports.audit.appendRetraining(RETRAINING);
    await control.startOnce('retraining', ID, {});
    control.end(ID, 'terminated');
    control.coolDowns.set('flights.air-time', { ...EMPTY_COOL_DOWN, holder: ID, lastSeenIso: NOW });
    for (let count = 1; count <= 10; count += 1) {
      expect(await abort()).toEqual(done);
      expect(await abort()).toEqual(done);
      control.end(`recover.${ID}.${count}`, 'failed');
    }
    const reason = `10 recoveries of ${ID} ended without giving its model back: look at its job by hand.`;
    expect(await abort()).toEqual(failure(409, 'NotRecovered', reason));
    expect(control.instances.size).toBe(11);
    const silent = { ...POLICY, retrain: null } as unknown as typeof POLICY;
    const gone = 'The policy flights does not retrain any more.';
    expect(await abort(SOME, [silent])).toEqual(failure(409, 'NotRecovered', gone));
  });
});

describe('judging again', () => {
  const judge = (call: Call = SOME, policies = [ELSEWHERE, OTHER_MODEL, POLICY]) =>
    createJudgeAgain(ports, createPolicies(policies))(aRequest(call), control);

  it('starts once, with the policy of the endpoint and model, and says who asked and why', async () => {
    await ports.audit.appendRetraining(UNREADABLE);
    const sentence = `ada asked to judge the job of ${ID} again: wrong data`;
    const state = judgeAgainOf({ retrainingId: ID, policy: POLICY, trail: [UNREADABLE], sentence }, NOW);
    const id = state?.retrainingId ?? '';
    const reply = (status: number, started: boolean) => ({
      status,
      jsonBody: { retrainingId: id, started },
      headers: { ...HEADERS, location: `/api/retrainings/${id}` },
    });
    expect(await judge()).toEqual(reply(202, true));
    expect(await judge()).toEqual(reply(200, false));
    expect([...control.instances.values()]).toMatchObject([
      { orchestrator: 'retraining', instanceId: id, input: state },
    ]);
  });

  it('where there is nothing to judge says so and starts nothing', async () => {
    expect(await judge()).toEqual(unknown);
    expect(await judge({ ...SOME, params: {} })).toEqual(failure(404, 'UnknownRetraining', 'There is no retraining .'));
    await ports.audit.appendRetraining(RETRAINING);
    const message = `${ID} is confirming; only one that is metrics-unreadable is judged again.`;
    expect(await judge()).toEqual(failure(409, 'NothingToJudge', message));
    const none = failure(404, 'NoPolicy', 'No policy says how air-time is retrained on flights.');
    expect(await judge(SOME, [ELSEWHERE, OTHER_MODEL])).toEqual(none);
    expect(await judge(SOME, [{ ...POLICY, retrain: null } as unknown as typeof POLICY])).toEqual(none);
    expect(await judge({ ...SOME, body: {} })).toMatchObject({ status: 400 });
    expect(await judge({ ...SOME, authorization: 'Bearer reader' })).toMatchObject({ status: 403 });
    expect(control.instances.size).toBe(0);
  });
});
