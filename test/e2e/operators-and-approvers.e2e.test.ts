/** People and attackers at the app's doors: only the holder of a published link approves, only operators steer, bad requests are told why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApprovalMailbox, startApprovalMailbox } from '../../demo/operator/approval-mailbox.ts';
import { TOPIC } from '../../local/stack/local-azure.ts';
import { INBOX_POSTED, LANE_ENTITY } from '../../src/contracts/names.ts';
import type { RolloutId } from '../../src/domain/ids/names.ts';
import { mintToken, type Reply } from './world/app-api.ts';
import { eventually } from './world/eventually.ts';
import { givenVersion1Serves, type Lane } from './world/given.ts';
import { trailText } from './world/read-records.ts';
import { startWorld, type World } from './world/start-world.ts';
import {
  answersOfCandidates,
  thenIsRolledBack,
  thenReaches,
  thenTheClientSawNoFailure,
  thenTrailHas,
} from './world/then.ts';
import { idOf, whenVersionIsRegistered } from './world/when.ts';

const MINUTE_MS = 60_000;

let world: World;
let lane: Lane;
let mailbox: ApprovalMailbox;
let rolloutId: RolloutId;

beforeAll(async () => {
  world = await startWorld({ name: 'operators', lanes: { guarded: { approvalBefore: [50] } } });
  const { addresses, identity } = world.stack;
  const { subscriptionId, resourceGroup, name } = TOPIC;
  mailbox = await startApprovalMailbox({
    eventGridUrl: addresses.eventGrid,
    topicArmId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.EventGrid/topics/${name}`,
    managementToken: (await identity.issueToken('https://management.azure.com')).value,
  });
  world.cleanUps.push(() => mailbox.stop());
  lane = await givenVersion1Serves(world, 'guarded');
  rolloutId = await whenVersionIsRegistered(world, lane, '2');
  await thenReaches(world, rolloutId, 'awaiting-approval');
});
afterAll(() => world?.stop());

const approvalId = () => `${rolloutId}.w50`;
const approvalPath = () => `/api/approvals/${approvalId()}`;
const approve = (token: string, answer = 'approve') =>
  world.api.call('POST', approvalPath(), { body: { token, answer, reason: 'Looks good.' } });
const grant = (answer: 'approve' | 'decline' = 'approve', id = approvalId()) =>
  ({ kind: 'approval', approvalId: id, answer }) as const;

function letter() {
  return eventually({
    what: 'the approval request is in the mailbox',
    read: async () => mailbox.requestFor('2'),
    isDone: (request) => request !== undefined,
  });
}

async function thenStillWaits(): Promise<void> {
  const trail = await world.records.trail(rolloutId);
  expect(trail.at(-1)?.phase, trailText(trail)).toBe('awaiting-approval');
}

describe('a request to the API', () => {
  const start = { model: 'guarded-model', version: '9' };
  const operator = { kind: 'operator', scopes: ['read', 'operate'] } as const;
  const tokens: readonly (readonly [
    name: string,
    status: number,
    code: string,
    token: () => Promise<string> | string,
  ])[] = [
    ['with a token signed by another key', 401, 'TokenForged', () => mintToken(world.forgery, operator)],
    ['with an expired token', 401, 'TokenExpired', () => mintToken(world.tokens, operator, Date.now() - MINUTE_MS)],
    ['with a text that is no token', 401, 'TokenMalformed', () => 'let-me-in'],
    ['with an approval token', 403, 'ScopeMissing', () => mintToken(world.tokens, grant())],
    [
      'with a token that only reads',
      403,
      'ScopeMissing',
      () => mintToken(world.tokens, { kind: 'operator', scopes: ['read'] }),
    ],
  ];

  test('without a token is refused on every route', async () => {
    const paths = ['', `/${rolloutId}/retry`, `/${rolloutId}/commands/abort`].map((path) => `/api/rollouts${path}`);
    const posted = await Promise.all(paths.map((path) => world.api.call('POST', path, { body: { reason: 'x' } })));
    const read = await Promise.all(['', `/${rolloutId}`].map((path) => world.api.call('GET', `/api/rollouts${path}`)));
    for (const reply of [...posted, ...read]) thenIsRefused(reply, 401, 'TokenMissing');
  });

  test.for(tokens)('%s is refused', async ([_name, status, code, token]) => {
    const abort = `/api/rollouts/${rolloutId}/commands/abort`;
    thenIsRefused(await world.api.call('POST', abort, { token: await token(), body: { reason: 'x' } }), status, code);
    thenIsRefused(await world.api.call('POST', '/api/rollouts', { token: await token(), body: start }), status, code);
    await thenStillWaits();
  });

  test('with a bad body is told every problem with its path', async () => {
    const reply = await world.api.operate('POST', '/api/rollouts', { model: '../x', version: 7, extra: true });
    thenIsRefused(reply, 400, 'InvalidBody');
    expect(reply.body?.error?.details?.map(({ path }) => path).sort()).toEqual(['(body)', 'model', 'version']);
    const command = await world.api.operate('POST', `/api/rollouts/${rolloutId}/commands/abort`, { reason: '' });
    thenIsRefused(command, 400, 'InvalidBody');
    expect(command.body?.error?.details?.map(({ path }) => path)).toEqual(['reason']);
    const answer = await world.api.call('POST', approvalPath(), { body: { answer: 'maybe' } });
    thenIsRefused(answer, 400, 'InvalidBody');
    expect(answer.body?.error?.details?.map(({ path }) => path).sort()).toEqual(['answer', 'token']);
    const token = await mintToken(world.tokens, operator);
    thenIsRefused(await world.api.call('POST', '/api/rollouts', { token, text: '{"model":' }), 400, 'InvalidJson');
  });

  test('about a model or rollout that nobody knows is told so', async () => {
    const stranger = await world.api.operate('POST', '/api/rollouts', { model: 'stranger', version: '1' });
    thenIsRefused(stranger, 404, 'NoPolicy');
    const unknown = `/api/rollouts/${idOf(lane, '77', 1)}`;
    thenIsRefused(await world.api.operate('GET', unknown), 404, 'UnknownRollout');
    thenIsRefused(await world.api.operate('POST', `${unknown}/commands/abort`, { reason: 'x' }), 404, 'UnknownRollout');
    thenIsRefused(await world.api.operate('POST', `/api/rollouts/${rolloutId}/retry`), 409, 'StillRunning');
  });
});

test('a raw event and a command that bypasses the API approve nothing', async () => {
  const raise = (name: string, body: object) =>
    world.api.manage('POST', `/instances/${rolloutId}/raiseEvent/${name}`, body);
  const approved = { approved: true, approvalId: approvalId(), weight: 50 };
  expect((await raise('ApprovalGiven', approved)).status).toBe(202);
  expect((await raise(INBOX_POSTED, { type: 'approve', ...approved })).status).toBe(202);
  const forged = await mintToken(world.forgery, grant());
  const posted = {
    id: 'forged-1',
    rolloutId,
    receivedAtIso: new Date().toISOString(),
    command: { type: 'approve', approvalId: approvalId(), token: forged, reason: 'Trust me.' },
  };
  expect((await world.api.manage('POST', `/entities/${LANE_ENTITY}/${lane.endpoint}?op=post`, posted)).status).toBe(
    202,
  );
  // The entity wakes nobody, and the first wake-up may be over before the command arrived.
  expect((await raise(INBOX_POSTED, {})).status).toBe(202);

  const what = 'the forged command is refused';
  const trail = await thenTrailHas(world, rolloutId, what, ({ kind }) => kind === 'command-refused');

  expect(trail.at(-1), trailText(trail)).toMatchObject({ kind: 'command-refused', phase: 'awaiting-approval' });
  expect(answersOfCandidates(lane)).toBe(0);
});

test('approvals that are forged, expired, for another answer or for another approval are refused', async () => {
  await letter();
  thenIsRefused(await approve(await mintToken(world.forgery, grant())), 401, 'TokenRefused');
  thenIsRefused(await approve(await mintToken(world.tokens, grant(), Date.now() - MINUTE_MS)), 410, 'ApprovalExpired');
  thenIsRefused(await approve(await mintToken(world.tokens, grant('decline'))), 403, 'TokenMismatch');
  const other = grant('approve', `${idOf(lane, '3', 1)}.w50`);
  thenIsRefused(await approve(await mintToken(world.tokens, other)), 403, 'TokenMismatch');
  await thenStillWaits();
});

test('following the published link shows a page and approves nothing; answering it lets the step begin', async () => {
  const { token, ...request } = (await letter()) ?? { token: '' };
  expect(request).toEqual({ approvalId: approvalId(), version: '2', weight: 50 });
  const page = await world.api.call('GET', `${approvalPath()}?answer=approve&token=${token}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Nothing happens until you press the button.');
  await thenStillWaits();

  const reply = await world.api.call('POST', approvalPath(), {
    text: new URLSearchParams({ token, answer: 'approve', reason: 'Seen and agreed.' }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

  expect(reply.status).toBe(202);
  const trail = await thenReaches(world, rolloutId, 'shifting');
  expect(trail.findLast(({ phase }) => phase === 'shifting')?.reason, trailText(trail)).toContain('Seen and agreed.');
});

test('the answer counts once: the same link is of no use after it, and an abort still brings the old split back', async () => {
  const { token } = (await letter()) ?? { token: '' };
  expect((await approve(token)).status).toBe(202);
  await thenTrailHas(
    world,
    rolloutId,
    'the second use of the link is refused',
    ({ kind, reason }) => kind === 'command-refused' && reason.includes('is not waited for'),
  );
  const abort = `/api/rollouts/${rolloutId}/commands/abort`;
  expect((await world.api.operate('POST', abort, { reason: 'Enough seen.' })).status).toBe(202);
  await thenIsRolledBack(world, lane, '2', rolloutId);
  thenIsRefused(await world.api.operate('POST', abort, { reason: 'Again.' }), 409, 'AlreadyEnded');
  thenTheClientSawNoFailure(lane);
});

function thenIsRefused(reply: Reply, status: number, code: string): void {
  expect({ status: reply.status, code: reply.body?.error?.code }, reply.text).toEqual({ status, code });
}
