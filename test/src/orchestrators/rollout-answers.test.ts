/** What each answer of an activity means for a rollout: where it stays and what it says meanwhile, or how it ends. */
import { describe, expect, it } from 'vitest';
import { ALL, BLUE, GREEN, OLD, ROLLOUT } from './expected-calls.ts';
import { ended, in_, openQuickApp, phasesOf, QUICK } from './quick-rollout.ts';
import type { ActivityCall, Interception, VirtualApp } from './virtual-app.ts';

const MIRRORED = `${BLUE} 100 % (mirror: ${GREEN} 20 %)`;

/** Answers the activity with each of the answers once, in order; then it does its work. */
function answering(name: string, ...answers: readonly object[]): Interception {
  const left = [...answers];
  return (call) => (call.name === name ? left.shift() : undefined);
}

/** Answers every call of the activity for which `when` holds. */
function always(
  name: string,
  answer: object,
  when: (input: Readonly<Record<string, unknown>>) => boolean = () => true,
) {
  return (call: Parameters<Interception>[0]) => (call.name === name && when(call.input) ? answer : undefined);
}

async function run(app: VirtualApp, policy = QUICK) {
  const trail = await app.until(await app.start(policy, '2'), ended);
  await app.runMinutes(1);
  return trail;
}

const note = async (app: VirtualApp) => ((await app.control.view(ROLLOUT)).customStatus as { note: string }).note;
const secondsOf = (app: VirtualApp, name: string) =>
  app.calls.filter((call) => call.name === name).map(({ atMs }) => (atMs - Date.UTC(2026, 2, 1, 12)) / 1000);

describe('a rollout rolls back', () => {
  it.each([
    [
      'when Azure refuses green',
      always('createGreen', { kind: 'refused', reason: 'No quota.' }),
      'deployment-failed',
      `Azure ML refused ${GREEN}: No quota.`,
    ],
    [
      'when green fails, with the end of its log',
      always('readDeployment', { state: 'failed', provisioningState: 'Failed', log: 'ModuleNotFoundError: lightgbm' }),
      'deployment-failed',
      `${GREEN} did not become ready (Azure ML says Failed). Its log ends with: ModuleNotFoundError: lightgbm`,
    ],
    [
      'when green fails without a log',
      always('readDeployment', { state: 'failed', provisioningState: 'Canceled', log: '' }),
      'deployment-failed',
      `${GREEN} did not become ready (Azure ML says Canceled).`,
    ],
    [
      'when green answers its smoke test wrongly',
      always('smokeTest', { passed: false, requests: 2, failures: ['one: HTTP 424 instead of 200', 'two: no'] }),
      'smoke-test-failed',
      `${GREEN} failed its smoke test: one: HTTP 424 instead of 200; two: no`,
    ],
    [
      'when Azure refuses the mirror',
      always('shiftTraffic', { kind: 'refused', reason: 'Not supported.' }, ({ rewrite, force }) => !rewrite && !force),
      'endpoint-unusable',
      `Azure ML refused ${MIRRORED}: Not supported.`,
    ],
    [
      'when the judge says so, with its sentence',
      always('judgeTraffic', { decision: 'rollback', sentence: 'Slower.', verdicts: [], basis: null, evidence: 'e7' }),
      'canary-failed',
      'Slower.',
    ],
    [
      'when the judge has no data for any metric',
      always('judgeTraffic', {
        decision: 'rollback',
        sentence: 'Silence.',
        verdicts: [{ metric: 'errors', verdict: 'no-data' }],
        basis: null,
        evidence: 'e7',
      }),
      'no-data',
      'Silence.',
    ],
  ])('%s', async (_when, interception, code, reason) => {
    const once: Interception = (call) => {
      const isOver = app.calls.some(
        ({ name, input }) => name === 'recordAudit' && /"rolling-back"/.test(JSON.stringify(input)),
      );
      return isOver ? undefined : interception(call);
    };
    const app = await openQuickApp(once);
    const trail = await run(app);
    expect(trail.find(({ phase }) => phase === 'rolling-back')).toMatchObject({ kind: 'phase-changed', code, reason });
    expect(trail.at(-1)).toMatchObject({ phase: 'rolled-back', code });
    expect(app.azure.split).toEqual(OLD);
  });

  it('when green is not ready one second after its time, and not at its end', async () => {
    const app = await openQuickApp(
      always('readDeployment', { state: 'pending', provisioningState: 'Creating', log: '' }),
    );
    await app.start({ ...QUICK, keep: { blue: 'delete', rejectedGreen: 'keep' } }, '2');
    const trail = await app.until(ROLLOUT, ended);
    const times = secondsOf(app, 'readDeployment');
    expect([times[0], times.at(-1)]).toEqual([13, 603]);
    const reason = `${GREEN} was not ready within 600 s.`;
    expect(trail.at(-2)).toMatchObject({ reason, code: 'deployment-failed', atIso: '2026-03-01T12:10:13.000Z' });
  });

  it('when a split does not arrive in its time', async () => {
    const app = await openQuickApp(always('shiftTraffic', { kind: 'submitted' }, ({ force }) => force === false));
    const trail = await run(app);
    expect(trail.find(({ phase }) => phase === 'rolling-back')).toMatchObject({
      from: 'mirroring',
      code: 'timed-out',
      reason: `The split ${MIRRORED} was not in place within 600 s.`,
      atIso: '2026-03-01T12:10:23.000Z',
    });
  });

  it('when it takes longer than a rollout may', async () => {
    const policy = { ...QUICK, timing: { ...QUICK.timing, rolloutTimeoutSeconds: 120 } };
    const looking = { decision: 'continue', sentence: 'So far.', verdicts: [], basis: null, evidence: 'e' };
    const trail = await run(await openQuickApp(always('judgeTraffic', looking)), policy);
    expect(trail.find(({ phase }) => phase === 'rolling-back')).toMatchObject({
      from: 'shadowing',
      code: 'timed-out',
      reason: 'The rollout did not end within 120 s; it was shadowing.',
      atIso: '2026-03-01T12:02:23.000Z',
    });
  });
});

describe('a rollout waits', () => {
  it.each([
    ['takeSnapshot', { kind: 'unsettled', reason: 'An operation runs.' }, 'An operation runs.'],
    ['createGreen', { kind: 'busy', reason: 'An operation runs.' }, 'Azure ML is busy: An operation runs.'],
    [
      'readDeployment',
      { state: 'pending', provisioningState: 'Updating', log: '' },
      `Azure ML creates ${GREEN} (Updating).`,
    ],
    ['shiftTraffic', { kind: 'submitted' }, `Waiting until ${MIRRORED} is in place.`],
    ['shiftTraffic', { kind: 'busy', reason: 'An operation runs.' }, 'Azure ML is busy: An operation runs.'],
    [
      'judgeTraffic',
      { decision: 'continue', sentence: 'So far.', verdicts: [], basis: null, evidence: 'e' },
      'So far.',
    ],
  ])('while %s answers %o, says so, and goes on', async (name, answer, said) => {
    let lasts = true;
    const app = await openQuickApp((call) => (lasts && call.name === name ? answer : undefined));
    await app.start(QUICK, '2');
    await app.runMinutes(1.5);
    expect(await note(app)).toBe(said);
    lasts = false;
    expect(phasesOf(await app.until(ROLLOUT, ended)).at(-1)).toBe('promoted');
  });

  it('asks for green again once it is gone, and not while it is being created', async () => {
    const absent = { state: 'absent', provisioningState: '', log: '' };
    const pending = { state: 'pending', provisioningState: 'Creating', log: '' };
    const deleting = { state: 'deleting', provisioningState: 'Deleting', log: '' };
    const app = await openQuickApp(answering('readDeployment', pending, absent, deleting, pending));
    await app.start(QUICK, '2');
    const notes: string[] = [];
    for (const minutes of [0.4, 1 / 3, 1 / 3]) {
      await app.runMinutes(minutes);
      notes.push(await note(app));
    }
    expect(notes).toEqual([
      `${GREEN} is not there; asking for it again.`,
      `An earlier ${GREEN} is still being deleted.`,
      `Azure ML creates ${GREEN} (Creating).`,
    ]);
    await app.until(ROLLOUT, ended);
    expect(secondsOf(app, 'createGreen')).toEqual([3, 33, 53]);
    expect(secondsOf(app, 'readDeployment').slice(0, 5)).toEqual([13, 23, 43, 63, 73]);
  });
});

describe('while green serves everything', () => {
  const isToAll = ({ name, input }: ActivityCall) =>
    name === 'shiftTraffic' && JSON.stringify(input.wanted) === JSON.stringify(ALL);
  const towardsAll = (app: VirtualApp) => app.calls.filter(isToAll).map(({ atMs }) => atMs / 1000);
  const retiring = (answer: object): Interception => {
    let reads = 0;
    return (call) => {
      if (!isToAll(call)) return undefined;
      reads += 1;
      return reads < 3 ? answer : undefined;
    };
  };
  it.each([
    [{ kind: 'submitted' }, 10, null],
    [{ kind: 'busy', reason: 'An operation runs.' }, 10, null],
    [{ kind: 'refused', reason: 'No.' }, 300, `${GREEN} 100 % cannot be put in place: No.`],
    [
      { kind: 'foreign-change', actual: OLD },
      300,
      `Somebody else changed the traffic to ${BLUE} 100 %; blue is kept until it is put back.`,
    ],
  ])(
    'the answer %o to the end of the mirror is met again later, and told where a person is needed',
    async (answer, pauseSeconds, said) => {
      const app = await openQuickApp(retiring(answer));
      const trail = await run(app);
      const told = trail.filter(({ kind }) => kind === 'operator-needed');
      expect(told.map(({ phase, reason, actor }) => [phase, reason, actor])).toEqual(
        said ? [['retiring', said, 'slipway']] : [],
      );
      const [first = 0, second = 0, third = 0] = towardsAll(app);
      expect([second - first, third - second]).toEqual([pauseSeconds, pauseSeconds]);
      expect(trail.at(-1)?.phase).toBe('promoted');
    },
  );

  it.each([
    [{ kind: 'busy', reason: 'An operation runs.' }, 10, 'Azure ML is busy: An operation runs.', null],
    [{ kind: 'started' }, 10, `Azure ML deletes ${BLUE}.`, null],
    [{ kind: 'refused', reason: 'It is locked.' }, 300, `${BLUE} cannot be deleted: It is locked.`, 'operator-needed'],
  ])('the answer %o to the deletion of blue is met again later', async (answer, pauseSeconds, said, kind) => {
    const app = await openQuickApp(answering('deleteDeployment', answer, answer));
    await app.start(QUICK, '2');
    const times = () => secondsOf(app, 'deleteDeployment');
    while (times().length === 0) await app.runMinutes(0.1);
    expect(await note(app)).toBe(said);
    const trail = await app.until(ROLLOUT, ended);
    expect(trail.find((record) => record.kind !== 'phase-changed')?.kind ?? null).toBe(kind);
    const [first = 0, second = 0, third = 0] = times();
    expect([second - first, third - second]).toEqual([pauseSeconds, pauseSeconds]);
    expect(app.azure.deletions).toEqual([BLUE]);
  });

  it('a deployment that is being deleted is waited for, and not deleted again', async () => {
    const deleting = { state: 'deleting', provisioningState: 'Deleting', log: '' };
    let left = 3;
    const app = await openQuickApp(({ name, input }) => {
      if (name !== 'readDeployment' || input.deployment !== BLUE || left === 0) return undefined;
      left -= 1;
      return deleting;
    });
    await app.start(QUICK, '2');
    await app.until(ROLLOUT, in_('retiring'));
    await app.runMinutes(0.3);
    expect(await note(app)).toBe(`Azure ML deletes ${BLUE}.`);
    await app.until(ROLLOUT, ended);
    expect(secondsOf(app, 'deleteDeployment')).toHaveLength(1);
  });
});

describe('while the old split is put back', () => {
  async function abort(answer: object, times: number) {
    let left = times;
    const app = await openQuickApp(({ name, input }) => {
      if (name !== 'shiftTraffic' || input.force === false || left === 0) return undefined;
      left -= 1;
      return answer;
    });
    await app.start(QUICK, '2');
    await app.until(ROLLOUT, in_('mirroring'));
    await app.post(ROLLOUT, { type: 'abort', by: 'ada', reason: 'no' });
    const trail = await app.until(ROLLOUT, ended);
    const forced = app.calls.filter(({ name, input }) => name === 'shiftTraffic' && input.force === true);
    return { app, trail, forced, told: trail.filter(({ kind }) => kind === 'operator-needed') };
  }

  it('a refusal is told at once, and met again each minute', async () => {
    const { forced, told, trail } = await abort({ kind: 'refused', reason: 'Locked.' }, 3);
    expect(told.map(({ reason }) => reason)).toEqual([`Putting back ${BLUE} 100 %. Azure ML refuses it: Locked.`]);
    const [first = 0, second = 0, third = 0] = forced.map(({ atMs }) => atMs);
    expect([second - first, third - second]).toEqual([60_000, 60_000]);
    expect(forced.map(({ input }) => input.rewrite)).toEqual([true, true, true, true, false, false]);
    expect(trail.at(-1)?.phase).toBe('rolled-back');
  });

  it('a write that was taken is not written again; only a read ends it', async () => {
    const { app, forced, told } = await abort({ kind: 'submitted' }, 4);
    expect(forced.map(({ input }) => input.rewrite)).toEqual([true, false, false, false, false, false, false]);
    expect(told).toEqual([]);
    expect(app.azure.split).toEqual(OLD);
  });

  it('a busy endpoint does not count as written, and is told once it takes longer than a split may', async () => {
    const { forced, told, trail } = await abort({ kind: 'busy', reason: 'Updating.' }, 65);
    expect(forced.slice(0, 66).every(({ input }) => input.rewrite === true)).toBe(true);
    const began = Date.parse(trail.find(({ phase }) => phase === 'rolling-back')?.atIso ?? '');
    expect(told.map(({ atIso, reason }) => [Date.parse(atIso) - began, reason])).toEqual([
      [610_000, `Putting back ${BLUE} 100 %. It takes longer than 600 s.`],
    ]);
  });
});
