/** What a retraining asks of the activities, call by call, what it records, and what each answer leads to. */
import { describe, expect, it } from 'vitest';
import { aRetrainingPolicy } from '../domain/a-retraining-policy.ts';
import { BLUE } from './expected-calls.ts';
import { type ActivityCall, type Interception, openVirtualApp } from './virtual-app.ts';
import { DRIFT, endJobs, HTTP, start } from './virtual-retraining.ts';

const ID = 'retrain.flights.air-time.3094d377ce48ad3c';
const JOB = 'slipway-air-time-3094d377ce48ad3c';
const START_MS = Date.UTC(2026, 2, 1, 12);
const DATA = 'azureml:flights:3';
const POLICY = aRetrainingPolicy();
const CHAMPION = { deployment: BLUE, version: '1', trainedOn: null };

const confirmed = { verdict: 'drifted', sentence: 'It moved.', features: [], evidence: 'drift.json' };
const passed = { verdict: 'pass', sentence: 'It is better.', codeCommit: 'abc', evidence: 'gate.json' };

/** Answers by name of the activity. */
function answering(answers: Readonly<Record<string, object>>): Interception {
  return ({ name }) => answers[name];
}

async function run(intercept: Interception, changes = {}, trigger = DRIFT) {
  const app = await openVirtualApp();
  app.intercept = intercept;
  const id = await start(app, changes, trigger);
  await app.runMinutes(1.5);
  endJobs(app, 'completed');
  await app.runMinutes(2);
  const trail = await app.audit.listRetraining(id);
  return { app, id, trail, last: trail.at(-1) };
}

const asked = (calls: readonly ActivityCall[]) =>
  calls.flatMap(({ name, input, atMs }) =>
    name === 'recordRetraining' ? [] : [[(atMs - START_MS) / 1000, name, input]],
  );

const withDrift = (confirm: 'required' | 'advisory' | 'off') => ({
  triggers: { ...POLICY.triggers, drift: { monitor: 'flights-monitor', confirm } },
});

describe('a retraining', () => {
  const begin = [0, 'readChampion', { endpoint: 'flights', model: 'air-time' }];
  const rest = (trigger: object) => [
    [0, 'inspectData', { policy: POLICY.data }],
    [
      0,
      'submitJob',
      {
        ...{ retrainingId: ID, jobName: JOB, model: 'air-time', template: POLICY.job, champion: CHAMPION, trigger },
        ...{ dataUri: 'azureml://datastores/data/paths/azureml:flights@latest', dataReference: DATA },
      },
    ],
    [0, 'readJob', { jobName: JOB }],
    [60, 'readJob', { jobName: JOB }],
    [120, 'readJob', { jobName: JOB }],
    [120, 'judgeChallenger', { retrainingId: ID, jobName: JOB, policy: POLICY.gate }],
    [
      120,
      'registerVersion',
      {
        ...{ model: 'air-time', jobName: JOB, modelUri: `azureml://jobs/${JOB}/outputs/model` },
        description: 'Retrained by Slipway (drift): The monitor reports drift.',
        tags: {
          'scoring-code': '2',
          'slipway.retraining': ID,
          'slipway.job': JOB,
          'slipway.data': DATA,
          'slipway.trigger': 'drift: run1',
          'slipway.champion': '1',
          'slipway.code-commit': 'abc',
        },
      },
    ],
  ];

  it('of a drift confirms it, and then does each thing once', async () => {
    const { app } = await run(answering({ confirmDrift: confirmed, judgeChallenger: passed }));
    const confirm = [
      0,
      'confirmDrift',
      { retrainingId: ID, endpoint: 'flights', champion: CHAMPION, policy: POLICY.drift, nowMs: START_MS },
    ];
    expect(asked(app.calls)).toEqual([begin, confirm, ...rest(DRIFT)]);
  });

  it('of a drift that the policy does not confirm goes straight to the data', async () => {
    const { app } = await run(answering({ judgeChallenger: passed }), withDrift('off'));
    expect(asked(app.calls)).toEqual([begin, ...rest(DRIFT)]);
  });

  it('records and publishes every phase, the last one as its end', async () => {
    const { app, trail } = await run(answering({ confirmDrift: confirmed, judgeChallenger: passed }));
    const known = {
      retrainingId: ID,
      endpoint: 'flights',
      model: 'air-time',
      trigger: 'drift',
      triggerReference: 'run1',
      actor: 'policy',
    };
    const phases = [
      [0, 'requested', 'confirming', 'The monitor reports drift. Version 1 serves.'],
      [0, 'confirming', 'validating', 'The drift is confirmed. It moved.'],
      [0, 'validating', 'submitting', `${DATA} has 20000 rows and is fit to be trained on.`],
      [0, 'submitting', 'training', `Job ${JOB} trains on ${DATA}.`],
      [120, 'training', 'gating', `Job ${JOB} has completed.`],
      [120, 'gating', 'registering', 'The challenger passed the gate. It is better.'],
      [120, 'registering', 'registered', 'Registered version 7 of air-time; its rollout starts by its own event.'],
    ] as const;
    const expected = phases.map(([seconds, from, phase, reason], index) => ({
      ...known,
      ...{ sequence: index + 1, atIso: new Date(START_MS + seconds * 1000).toISOString(), from, phase, reason },
      ...{ champion: '1', data: index < 2 ? null : DATA, job: index < 3 ? null : JOB },
      version: phase === 'registered' ? '7' : null,
      evidence: index === 0 ? null : index < 5 ? 'drift.json' : 'gate.json',
    }));
    expect(trail).toEqual(expected);
    expect(app.published).toEqual(
      expected.map((record) => ({
        id: `${ID}.${record.sequence}`,
        type: record.phase === 'registered' ? 'Slipway.Retraining.Ended' : 'Slipway.Retraining.PhaseChanged',
        subject: `retrainings/${ID}`,
        timeIso: record.atIso,
        data: record,
      })),
    );
    expect(await app.control.view(ID)).toMatchObject({
      output: { retrainingId: ID, outcome: 'registered', version: '7', reason: expected.at(-1)?.reason },
    });
  });
});

describe('an answer ends a retraining', () => {
  const good = { confirmDrift: confirmed, judgeChallenger: passed };
  const running = { state: 'running', status: 'Running', reason: null, modelUri: 'm' };
  it.each([
    [
      'readChampion',
      { kind: 'none', reason: 'Nothing serves.' },
      'ignored',
      'Nothing serves. Without a champion there is nothing to beat.',
    ],
    ['confirmDrift', { ...confirmed, verdict: 'stable' }, 'not-confirmed', 'The drift is not confirmed. It moved.'],
    ['confirmDrift', { ...confirmed, verdict: 'no-data' }, 'not-confirmed', 'The drift is not confirmed. It moved.'],
    [
      'inspectData',
      { kind: 'unfit', problems: ['One.', 'Two.'] },
      'data-refused',
      'The data is not fit to be trained on: One. Two.',
    ],
    ['readJob', { ...running, state: 'failed', reason: 'exit 1' }, 'job-failed', `Job ${JOB} failed: exit 1`],
    ['readJob', { ...running, state: 'failed' }, 'job-failed', `Job ${JOB} failed: Azure ML gives no reason.`],
    ['readJob', { ...running, state: 'canceled' }, 'job-failed', `Job ${JOB} was canceled by somebody else.`],
    [
      'judgeChallenger',
      { ...passed, verdict: 'fail' },
      'gate-failed',
      'The challenger is not registered. It is better.',
    ],
    [
      'judgeChallenger',
      { ...passed, verdict: 'inconclusive' },
      'gate-failed',
      'The challenger is not registered. It is better.',
    ],
    ['registerVersion', { kind: 'refused', reason: 'No.' }, 'job-failed', 'The version could not be registered: No.'],
  ])('%s %o: %s', async (name, answer, phase, reason) => {
    const { app, id, last } = await run(answering({ ...good, [name]: answer }));
    expect(last).toMatchObject({ phase, reason, actor: 'policy' });
    expect(app.training.registrations).toEqual([]);
    expect(await app.control.view(id)).toMatchObject({ status: 'completed', output: { outcome: phase, reason } });
    expect(await app.control.readCoolDown('flights', 'air-time')).toMatchObject({ holder: null });
  });
});

describe('a doubt about a drift', () => {
  it('ends it or not, as the policy says', async () => {
    const doubt = answering({ confirmDrift: { ...confirmed, verdict: 'stable' }, judgeChallenger: passed });
    const { trail } = await run(doubt, withDrift('advisory'));
    expect(trail[1]).toMatchObject({
      phase: 'validating',
      evidence: 'drift.json',
      reason: 'The drift is not confirmed. It moved. The policy retrains all the same.',
    });
    const without = 'The policy has no drift reference to confirm against.';
    const required = await run(answering({}), { drift: null });
    expect(required.last).toMatchObject({ phase: 'not-confirmed', reason: without });
    const advisory = await run(answering({ judgeChallenger: passed }), { ...withDrift('advisory'), drift: null });
    expect(advisory.trail[1]).toMatchObject({ phase: 'validating', reason: without });
    expect(advisory.app.calls.some(({ name }) => name === 'confirmDrift')).toBe(false);
  });

  it('is not asked about where no drift was said', async () => {
    const { app, last } = await run(answering({ judgeChallenger: passed }), {}, HTTP);
    expect(app.calls.some(({ name }) => name === 'confirmDrift')).toBe(false);
    expect(last).toMatchObject({ phase: 'registered', trigger: 'http', triggerReference: 'r1' });
  });
});

describe('a job', () => {
  it('is given up one poll after its time, and not at its end', async () => {
    const app = await openVirtualApp();
    const id = await start(app, { jobTimeoutSeconds: 600, pollSeconds: 60 });
    await app.runMinutes(10.5);
    expect((await app.audit.listRetraining(id)).at(-1)).toMatchObject({ phase: 'training' });
    await app.runMinutes(2);
    const trail = await app.audit.listRetraining(id);
    const job = trail.find(({ phase }) => phase === 'canceling');
    expect(job).toMatchObject({
      atIso: '2026-03-01T12:11:00.000Z',
      reason: expect.stringMatching(
        /^Job slipway-air-time-[0-9a-f]{16} did not end within 600 s \(running\); it is canceled\.$/,
      ),
    });
    expect(trail.at(-1)).toMatchObject({ phase: 'job-failed', reason: `${job?.reason} The job is canceled.` });
    const canceled = app.calls.filter(({ name }) => name === 'cancelJob');
    expect(canceled.map(({ input }) => input.jobName)).toEqual([trail.at(-1)?.job]);
  });
});
