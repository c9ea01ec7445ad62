/** Commands of the queue: what they start and steer, how repeats, disorder and bad messages end. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../../../src/domain/ids/names.ts';
import { acquire, EMPTY_LANE, leave } from '../../../../src/domain/lane/lane.ts';
import { createPolicies } from '../../../../src/domain/policy/policies.ts';
import { createOnRolloutCommand } from '../../../../src/functions/queue/on-rollout-command.ts';
import type { TokenCheck } from '../../../../src/ports/tokens.ts';
import { aClaim } from '../../domain/a-claim.ts';
import { aPolicy, NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';

const ID = 'rollout.flights.air-time.2.1';
const START = { id: 'c1', command: 'start', endpoint: 'flights', model: 'air-time', version: '2', by: 'ada' };
const ABORT = { id: 'c2', command: 'abort', endpoint: 'flights', by: 'ada', reason: 'It smells.' };

let control: InMemoryControl;
let audit: InMemoryAuditLog;
let publisher: RecordingPublisher;
let pauses: number;
/** What happens while a command waits. */
let meanwhile: () => void;
beforeEach(() => {
  control = new InMemoryControl();
  audit = new InMemoryAuditLog();
  publisher = new RecordingPublisher();
  pauses = 0;
  meanwhile = () => {};
});

const tokens = {
  mint: async () => 'minted',
  check: async (token: string): Promise<TokenCheck> =>
    token === 'genuine'
      ? {
          ok: true,
          claims: {
            subject: 'link',
            grant: { kind: 'approval', approvalId: `${ID}.w50`, answer: 'approve' },
            expiresAtMs: Date.parse(NOW) + 1000,
          },
        }
      : { ok: false, code: 'forged', reason: 'The signature is wrong.' },
};

function send(body: object | string, address: { messageId?: string; sessionId?: string } = {}) {
  const known: { id?: unknown; endpoint?: unknown } = typeof body === 'string' ? {} : body;
  const clock = { nowMs: () => Date.parse(NOW) };
  const pause = async () => {
    pauses += 1;
    meanwhile();
  };
  const handle = createOnRolloutCommand({ audit, publisher, tokens, clock, pause }, createPolicies([aPolicy()]));
  return handle(body, { messageId: String(known.id), sessionId: String(known.endpoint), ...address }, control);
}

function enterLane(rolloutId = ID, version = '2', versionCreatedAtIso = NOW): void {
  const claim = aClaim(rolloutId, { version: version as ModelVersion, versionCreatedAtIso });
  control.lanes.set('flights', acquire(control.lanes.get('flights') ?? EMPTY_LANE, claim, NOW).state);
}

async function givenRunning(): Promise<void> {
  await control.startOnce('rollout', ID, { endpoint: 'flights' });
  enterLane();
}

const records = () => [...audit.events.values()];
const inbox = () => control.lanes.get('flights')?.inbox.map(({ rolloutId, command }) => [rolloutId, command.type]);

describe('a start', () => {
  it('starts the rollout once, says so on the topic and in the audit', async () => {
    expect(await send(START)).toMatchObject({ outcome: 'started', rolloutId: ID });
    expect(await send({ ...START, id: 'c9' })).toMatchObject({ outcome: 'duplicate', rolloutId: ID });
    expect(control.instances.get(ID)?.input).toMatchObject({ cause: { kind: 'command', reference: 'c1 by ada' } });
    expect(publisher.published[0]).toMatchObject({
      id: 'command.flights.c1',
      type: 'Slipway.Command.Handled',
      data: { outcome: 'started', endpoint: 'flights', rolloutId: ID },
    });
    expect(records()[0]).toMatchObject({ eventId: 'command.flights.c1', outcome: 'started' });
  });

  it('for a model that no policy names on this endpoint is refused and done with', async () => {
    expect(await send({ ...START, model: 'other' })).toMatchObject({ outcome: 'refused', code: 'NoPolicy' });
    expect(control.instances.size).toBe(0);
  });

  it('may come as text', async () => {
    const text = JSON.stringify(START);
    expect(await send(text, { messageId: 'c1', sessionId: 'flights' })).toMatchObject({ outcome: 'started' });
  });
});

describe('steering', () => {
  it('without an id means the rollout that holds the lane', async () => {
    await givenRunning();
    expect(await send(ABORT)).toMatchObject({ outcome: 'delivered', rolloutId: ID });
    expect(inbox()).toEqual([[ID, 'abort']]);
    expect(control.lanes.get('flights')?.inbox[0]?.command).toMatchObject({ by: 'ada (queue)', reason: 'It smells.' });
    expect(control.woken).toEqual([ID]);
    expect(pauses).toBe(0);
  });

  it('a repeat changes nothing', async () => {
    await givenRunning();
    await send(ABORT);
    await send(ABORT);
    expect(inbox()).toHaveLength(1);
    expect(records()).toHaveLength(1);
  });

  it('a version narrows it down to a waiting rollout', async () => {
    await givenRunning();
    const waiting = 'rollout.flights.air-time.3.2';
    await control.startOnce('rollout', waiting, { endpoint: 'flights' });
    enterLane(waiting, '3');
    expect(await send({ ...ABORT, version: '3' })).toMatchObject({ outcome: 'delivered', rolloutId: waiting });
  });

  it('right after a start waits until the rollout is in its lane', async () => {
    await send(START);
    meanwhile = () => pauses === 3 && enterLane();
    expect(await send(ABORT)).toMatchObject({ outcome: 'delivered', rolloutId: ID });
    expect(pauses).toBe(3);
  });

  it('a named rollout that never enters its lane makes the message come again', async () => {
    await send(START);
    await expect(send({ ...ABORT, rollout: ID })).rejects.toThrow('comes again');
    expect(records()).toHaveLength(1);
  });

  it('with nothing to steer is refused after a bounded wait', async () => {
    expect(await send(ABORT)).toMatchObject({ outcome: 'refused', code: 'NothingToSteer' });
    expect(pauses).toBeLessThan(60);
    await givenRunning();
    control.lanes.set('flights', leave(control.lanes.get('flights') ?? EMPTY_LANE, ID).state);
    control.end(ID, 'completed');
    expect(await send({ ...ABORT, id: 'c3', rollout: ID })).toMatchObject({ code: 'AlreadyEnded' });
    expect(await send({ ...ABORT, id: 'c4', rollout: 'rollout.x' })).toMatchObject({ code: 'UnknownRollout' });
  });

  it('a rollout of another endpoint is refused: its order would not be kept', async () => {
    await givenRunning();
    const elsewhere = { ...ABORT, endpoint: 'other', rollout: ID };
    expect(await send(elsewhere)).toMatchObject({ outcome: 'refused', code: 'OtherEndpoint' });
    expect(inbox()).toEqual([]);
  });
});

describe('an approval', () => {
  const APPROVE = { id: 'c5', command: 'approve', endpoint: 'flights', approvalId: `${ID}.w50`, token: 'genuine' };

  it('counts only with the signed token of its link', async () => {
    await givenRunning();
    expect(await send({ ...APPROVE, token: 'made-up' })).toMatchObject({ outcome: 'refused', code: 'TokenRefused' });
    expect(await send({ ...APPROVE, command: 'decline' })).toMatchObject({ code: 'TokenMismatch' });
    expect(inbox()).toEqual([]);
    expect(await send(APPROVE)).toMatchObject({ outcome: 'delivered' });
    expect(inbox()).toEqual([[ID, 'approve']]);
  });

  it('without a token is no command at all', async () => {
    const { token: _none, ...unsigned } = APPROVE;
    await expect(send(unsigned)).rejects.toThrow('token');
  });

  it('never puts its token on the topic or into the audit', async () => {
    await givenRunning();
    await send(APPROVE);
    expect(JSON.stringify([publisher.published, records()])).not.toContain('genuine');
  });
});

describe('a message that is no command', () => {
  it.each([
    ['not JSON', 'nonsense', {}],
    ['an unknown command', { ...START, command: 'explode' }, {}],
    ['a misspelt member', { ...START, modle: 'x' }, {}],
    ['a message id that is not its own', START, { messageId: 'c2' }],
    ['the session of another endpoint', START, { sessionId: 'other' }],
    ['too much text', { ...START, by: 'x'.repeat(20_000) }, {}],
  ])('%s is recorded once and fails, so that the queue dead-letters it', async (_what, body, address) => {
    await expect(send(body, address)).rejects.toThrow('is no rollout command');
    await expect(send(body, address)).rejects.toThrow();
    expect(records()).toMatchObject([{ outcome: 'refused', code: 'malformed' }]);
    expect(control.instances.size).toBe(0);
  });
});

it('an audit that is away makes the message come again', async () => {
  publisher.failures = 1;
  await expect(send(START)).rejects.toThrow('away');
  expect(await send(START)).toMatchObject({ outcome: 'duplicate' });
});
