/** Commands of the queue: outcome, record and event in full, which rollout is meant, and how long one is waited for. */

import { beforeEach, describe, expect, it } from 'vitest';
import { acquire, EMPTY_LANE } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { createOnRolloutCommand } from '../../../../src/functions/queue/on-rollout-command.ts';
import type { TokenCheck } from '../../../../src/ports/tokens.ts';
import { aClaim, aScaleOutClaim } from '../../domain/a-claim.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';

const ID = 'rollout.flights.air-time.2.1';
const START = { id: 'c1', command: 'start', endpoint: 'flights', model: 'air-time', version: '2', by: 'ada' };
const ABORT = { id: 'c2', command: 'abort', endpoint: 'flights', by: 'ada', reason: 'It smells.' };
const APPROVE = {
  id: 'c3',
  command: 'approve',
  endpoint: 'flights',
  approvalId: `${ID}.w50`,
  token: 'genuine',
  by: 'ada',
};
const POLICIES = [aPolicy({ endpoint: 'flights-eu' as never }), aPolicy({ model: 'other' as never }), aPolicy()];

let control: InMemoryControl;
let audit: InMemoryAuditLog;
let publisher: RecordingPublisher;
let pauses: number[];
let check: TokenCheck;
let checked: unknown[];
beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
  publisher = new RecordingPublisher();
  pauses = [];
  checked = [];
  const grant = { kind: 'approval', approvalId: `${ID}.w50`, answer: 'approve' } as const;
  check = { ok: true, claims: { subject: 'link', grant, expiresAtMs: Date.parse(NOW) + 1000 } };
});

/** `arrives` tells after how many pauses something happens. */
function send(body: { readonly id: string; readonly endpoint: string }, arrives?: readonly [number, () => void]) {
  const tokens = {
    mint: async () => 'minted',
    check: async (...input: unknown[]) => {
      checked.push(input);
      return check;
    },
  };
  const pause = async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === arrives?.[0]) arrives[1]();
  };
  const clock = { nowMs: () => Date.parse(NOW) };
  const handle = createOnRolloutCommand({ audit, publisher, tokens, clock, pause }, createPolicies(POLICIES));
  return handle(body, { messageId: body.id, sessionId: body.endpoint }, control);
}

function enter(rolloutId: string, model = 'air-time', version = '2'): void {
  const claim = aClaim(rolloutId, { model: model as never, version: version as never });
  control.lanes.set('flights', acquire(control.lanes.get('flights') ?? EMPTY_LANE, claim, NOW).state);
}

const run = (id = ID, endpoint = 'flights') => control.startOnce('rollout', id, { endpoint });
const refused = (code: string, reason: unknown, rolloutId: string | null = null) => ({
  ...{ outcome: 'refused', code, reason, rolloutId },
});
const delivered = (id: string, command: string) => ({
  ...{ outcome: 'delivered', code: 'delivered', reason: `Told ${id} to ${command}.`, rolloutId: id },
});

describe('a command', () => {
  it('to start is recorded and published with what became of it', async () => {
    const started = { outcome: 'started', code: 'started', reason: `Started ${ID}.`, rolloutId: ID };
    expect(await send(START)).toEqual(started);
    expect([...audit.events.values()]).toEqual([
      {
        ...{ eventId: 'command.flights.c1', atIso: NOW, type: 'rollout-command', source: 'service-bus' },
        ...{ subject: 'commands/flights', ...started },
      },
    ]);
    expect(publisher.published).toEqual([
      {
        id: 'command.flights.c1',
        type: 'Slipway.Command.Handled',
        subject: 'commands/flights/c1',
        timeIso: NOW,
        data: { commandId: 'c1', command: 'start', endpoint: 'flights', ...started },
      },
    ]);
    expect(control.instances.get(ID)?.input).toMatchObject({
      cause: { kind: 'command', reference: 'c1 by ada' },
      policy: aPolicy(),
    });
    expect(await send({ ...START, id: 'c9' })).toEqual({
      ...{ outcome: 'duplicate', code: 'already-started', reason: `${ID} was started before.`, rolloutId: ID },
    });
  });

  it('to start what no policy names says which model and endpoint', async () => {
    const reason = 'No policy names model trains and endpoint flights.';
    expect(await send({ ...START, model: 'trains' } as typeof START)).toEqual(refused('NoPolicy', reason));
  });

  it('that is malformed is recorded once, with its problems, and fails', async () => {
    const bad = { id: 'c7', endpoint: 'flights', command: 'explode', more: 1 };
    for (const message of [bad, bad, { ...bad, more: 2 }]) {
      await expect(send(message)).rejects.toThrow(/^Message c7 of session flights is no rollout command: .{5}/);
    }
    expect(audit.events.size).toBe(2);
    const [record] = audit.events.values();
    expect(record).toMatchObject({
      ...{ eventId: expect.stringMatching(/^malformed-command-[0-9a-f]+$/), atIso: NOW, source: 'service-bus' },
      ...{ type: 'rollout-command', subject: 'commands/flights', ...refused('malformed', expect.any(String)) },
    });
    expect(publisher.published).toEqual([]);
  });

  it('reaches the rollout that it names, its version, or the holder, in the words of the queue', async () => {
    for (const [id, model, version] of [
      [ID, 'air-time', '2'],
      ['b', 'air-time', '3'],
      ['c', 'other', '3'],
    ] as const) {
      enter(id, model, version);
      await run(id);
    }
    const command = (changes: object) => send({ ...ABORT, id: `x${audit.events.size}`, ...changes });
    expect(await command({})).toEqual(delivered(ID, 'abort'));
    expect(await command({ rollout: 'b', command: 'pause' })).toEqual(delivered('b', 'pause'));
    expect(await command({ version: '3' })).toEqual(delivered('b', 'abort'));
    expect(await command({ model: 'other' })).toEqual(delivered('c', 'abort'));
    expect(await command({ model: 'other', version: '3' })).toEqual(delivered('c', 'abort'));
    expect(pauses).toEqual([]);
    expect(control.lanes.get('flights')?.inbox[0]).toEqual({
      ...{ id: 'x0', sequence: 1, rolloutId: ID, receivedAtIso: NOW },
      command: { type: 'abort', by: 'ada (queue)', reason: 'It smells.' },
    });
    expect(control.woken).toEqual([ID, 'b', 'b', 'c', 'c']);
  });

  it('never means a scale-out', async () => {
    control.lanes.set('flights', acquire(EMPTY_LANE, aScaleOutClaim('scale-out.flights.1'), NOW).state);
    enter(ID);
    await run();
    expect(await send(ABORT)).toEqual(delivered(ID, 'abort'));
  });

  it('waits up to 29 half seconds for the first attempt that it names to enter its lane', async () => {
    await run();
    const named = { ...ABORT, model: 'air-time', version: '2' };
    expect(await send(named, [29, () => enter(ID)])).toEqual(delivered(ID, 'abort'));
    expect(pauses).toEqual(Array.from({ length: 29 }, () => 500));
    pauses = [];
    control.lanes.clear();
    const late = send({ ...named, id: 'c8' }, [30, () => enter(ID)]);
    await expect(late).rejects.toThrow(`${ID} has not entered the lane of flights yet; the command comes again.`);
    expect(pauses).toHaveLength(29);
  });

  it('for nothing that runs is refused after the same time, and once it runs is delivered', async () => {
    const nothing = refused('NothingToSteer', 'No rollout is running on endpoint flights.');
    expect(await send({ ...ABORT, model: 'air-time' } as typeof ABORT)).toEqual(nothing);
    expect(await send({ ...ABORT, id: 'c5', model: 'air-time', version: '2' } as typeof ABORT)).toEqual(nothing);
    expect(pauses).toHaveLength(58);
    pauses = [];
    const arrives = () => {
      enter(ID);
      control.instances.set(ID, {
        instanceId: ID,
        orchestrator: 'rollout',
        input: {},
        status: 'active',
        customStatus: { endpoint: 'flights' },
        output: null,
      });
    };
    expect(await send({ ...ABORT, id: 'c6' }, [3, arrives])).toEqual(delivered(ID, 'abort'));
    expect(pauses).toHaveLength(3);
  });

  it('for a rollout that is unknown, over or elsewhere is refused with its id', async () => {
    const named = { ...ABORT, rollout: ID };
    expect(await send(named)).toEqual(refused('UnknownRollout', `There is no rollout ${ID}.`, ID));
    await run(ID, 'flights-eu');
    const elsewhere = `${ID} is a rollout of endpoint flights-eu, not of flights.`;
    expect(await send({ ...named, id: 'c4' })).toEqual(refused('OtherEndpoint', elsewhere, ID));
    control.end(ID, 'failed');
    expect(await send({ ...named, id: 'c5' })).toEqual(refused('AlreadyEnded', `${ID} has ended (failed).`, ID));
    expect(pauses).toEqual([]);
  });
});

describe('an answer to an approval', () => {
  beforeEach(async () => {
    enter(ID);
    await run();
  });

  it('is checked now and handed on with its proof', async () => {
    expect(await send(APPROVE)).toEqual(delivered(ID, 'approve'));
    expect(checked).toEqual([['genuine', Date.parse(NOW)]]);
    expect(control.lanes.get('flights')?.inbox).toMatchObject([
      { id: 'c3', rolloutId: ID, command: { type: 'approve', approvalId: `${ID}.w50`, token: 'genuine' } },
    ]);
  });

  const operator = { kind: 'operator', scopes: ['operate'] } as const;
  const grant = (changes: object) =>
    ({ kind: 'approval', approvalId: `${ID}.w50`, answer: 'approve', ...changes }) as never;
  const claims = (granted: never | typeof operator) => ({ subject: 'x', grant: granted, expiresAtMs: 0 });
  const mismatch = refused('TokenMismatch', 'The token is not for this answer to this approval.');
  it.each([
    ['for another approval', { ok: true, claims: claims(grant({ approvalId: `${ID}.w10` })) }, mismatch],
    ['for the other answer', { ok: true, claims: claims(grant({ answer: 'decline' })) }, mismatch],
    ['of an operator', { ok: true, claims: claims(operator) }, mismatch],
    ['that has expired', { ok: false, code: 'expired', reason: 'Old.' }, refused('ApprovalExpired', 'Old.')],
    ['that is forged', { ok: false, code: 'forged', reason: 'No.' }, refused('TokenRefused', 'No.')],
  ] as const)('with a token %s is refused', async (_what, found, outcome) => {
    check = found;
    expect(await send(APPROVE)).toEqual(outcome);
    expect(control.woken).toEqual([]);
  });
});
