/** The second replay as tables: history and actions in, ids, decisions and completions out. */
import { describe, expect, test } from 'vitest';
import {
  ACTION,
  type Action,
  type OrchestratorState,
} from '../../../../../local/functions-host/durable/engine/actions.ts';
import type { HistoryEvent } from '../../../../../local/functions-host/durable/engine/history-event.ts';
import { replay } from '../../../../../local/functions-host/durable/engine/replay.ts';
import { wireTime } from '../../../../../local/functions-host/durable/engine/wire-time.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const at = (EventId = -1, timeMs = NOW_MS) => ({ EventId, Timestamp: wireTime(timeMs) });

const turnAt = (timeMs: number): HistoryEvent => ({ EventType: 'OrchestratorStarted', ...at(-1, timeMs) });
const begun: readonly HistoryEvent[] = [
  turnAt(NOW_MS),
  {
    EventType: 'ExecutionStarted',
    ...at(),
    Name: 'o',
    Version: null,
    Input: null,
    OrchestrationInstance: { InstanceId: 'i', ExecutionId: 'e' },
    ParentInstance: null,
    Tags: null,
  },
];
const scheduled = (id: number, Name: string): HistoryEvent => ({
  EventType: 'TaskScheduled',
  ...at(id),
  Name,
  Version: null,
  Input: null,
});
const completed = (TaskScheduledId: number): HistoryEvent => ({
  EventType: 'TaskCompleted',
  ...at(),
  TaskScheduledId,
  Result: '1',
});
const failed = (TaskScheduledId: number, IsNonRetriable = false): HistoryEvent => ({
  EventType: 'TaskFailed',
  ...at(),
  TaskScheduledId,
  Reason: 'r',
  Details: 'd',
  FailureDetails: IsNonRetriable ? { IsNonRetriable } : null,
});
const timer = (id: number): HistoryEvent => ({ EventType: 'TimerCreated', ...at(id), FireAt: wireTime(NOW_MS) });
const fired = (TimerId: number): HistoryEvent => ({
  EventType: 'TimerFired',
  ...at(),
  TimerId,
  FireAt: wireTime(NOW_MS),
});
const raised = (Name: string): HistoryEvent => ({ EventType: 'EventRaised', ...at(), Name, Input: null });
const suspended: HistoryEvent = { EventType: 'ExecutionSuspended', ...at(), Reason: null };
const resumed: HistoryEvent = { EventType: 'ExecutionResumed', ...at(), Reason: null };

const call = (functionName: string): Action => ({ actionType: ACTION.callActivity, functionName });
const retry = (functionName: string, maxNumberOfAttempts: number, more = {}): Action => ({
  actionType: ACTION.callActivityWithRetry,
  functionName,
  retryOptions: { firstRetryIntervalInMilliseconds: 1000, maxNumberOfAttempts, ...more },
});
const wait = (externalEventName: string): Action => ({ actionType: ACTION.waitForExternalEvent, externalEventName });
const until = (fireAtMs: number, isCanceled = false): Action => ({
  actionType: ACTION.createTimer,
  fireAt: new Date(fireAtMs).toISOString(),
  isCanceled,
});
const any = (...compoundActions: Action[]): Action => ({ actionType: ACTION.whenAny, compoundActions });
const all = (...compoundActions: Action[]): Action => ({ actionType: ACTION.whenAll, compoundActions });

function run(actions: Action[], news: readonly HistoryEvent[], state: Partial<OrchestratorState> = {}) {
  const outcome = replay({
    functionName: 'o',
    execution: { instanceId: 'i', executionId: 'e', parentInstanceId: 'parent', defaultVersion: null },
    history: [...begun, ...news],
    state: { isDone: false, actions: [actions], ...state },
    limits: { maximumShortTimerMs: 6 * DAY_MS, longTimerIntervalMs: 3 * DAY_MS, defaultHttpSleepMs: 30_000 },
    catalog: { has: (_kind, name) => name !== 'unknown', names: () => ['A', 'B'] },
  });
  const decisions = outcome.decisions.map((decision) => {
    if (decision.kind === 'timer') return `timer#${decision.id}+${(decision.fireAtMs - NOW_MS) / 1000}s`;
    return `${decision.name}#${decision.id}`;
  });
  return { ...outcome, decisions };
}

describe('ids and decisions', () => {
  test.each<[string, Action[], HistoryEvent[], string[]]>([
    ['the first action is decided, the second waits', [call('A'), call('B')], [], ['A#0']],
    ['a scheduled task is not decided again', [call('A')], [scheduled(0, 'a')], []],
    ['the next follows a completion', [call('A'), call('B')], [scheduled(0, 'A'), completed(0)], ['B#1']],
    ['the next follows a failure too', [call('A'), call('B')], [scheduled(0, 'A'), failed(0)], ['B#1']],
    [
      'children of a compound take ids in order',
      [all(call('A'), any(call('B'), call('C')))],
      [],
      ['A#0', 'B#1', 'C#2'],
    ],
    ['a wait takes no id', [any(wait('E'), call('A'))], [], ['A#0']],
    [
      'a retry beside another task: A#0 B#1, timer#2, A#3',
      [all(retry('A', 3), call('B'))],
      [scheduled(0, 'A'), scheduled(1, 'B'), failed(0), timer(2), fired(2)],
      ['A#3'],
    ],
    [
      'the last failure is followed by a timer due now',
      [retry('A', 1)],
      [scheduled(0, 'A'), failed(0)],
      ['timer#1+0s'],
    ],
    [
      'a failure that may not be retried has no timer',
      [retry('A', 3), call('B')],
      [scheduled(0, 'A'), failed(0, true)],
      ['B#1'],
    ],
    [
      'past the retry timeout there is no timer',
      [retry('A', 3, { retryTimeoutInMilliseconds: 500 }), call('B')],
      [scheduled(0, 'A'), turnAt(NOW_MS + 500), failed(0)],
      ['B#1'],
    ],
    [
      'backoff grows and is capped',
      [retry('A', 9, { backoffCoefficient: 10, maxRetryIntervalInMilliseconds: 5000 })],
      [scheduled(0, 'A'), failed(0), timer(1), fired(1), scheduled(2, 'A'), failed(2)],
      ['timer#3+5s'],
    ],
    ['a long timer starts with a chunk', [until(NOW_MS + 10 * DAY_MS)], [], [`timer#0+${(3 * DAY_MS) / 1000}s`]],
    ['a timer of six days is one', [until(NOW_MS + 6 * DAY_MS)], [], [`timer#0+${(6 * DAY_MS) / 1000}s`]],
    ['a cancelled timer is created and passed', [until(NOW_MS + 1000, true), call('A')], [], ['timer#0+1s', 'A#1']],
    [
      'an event before its wait is buffered',
      [call('A'), wait('E'), call('B')],
      [scheduled(0, 'A'), raised('e'), completed(0)],
      ['B#1'],
    ],
    [
      'a second completion of one id is ignored',
      [call('A'), call('B')],
      [scheduled(0, 'A'), completed(0), completed(0)],
      ['B#1'],
    ],
    ['a completion of an unknown id is ignored', [call('A')], [completed(7)], ['A#0']],
    [
      'Task.any goes on with the first child',
      [any(call('A'), call('B')), call('C')],
      [scheduled(0, 'A'), scheduled(1, 'B'), completed(1)],
      ['C#2'],
    ],
    [
      'Task.all goes on after the last child',
      [all(call('A'), call('B')), call('C')],
      [scheduled(0, 'A'), scheduled(1, 'B'), failed(0)],
      [],
    ],
  ])('%s', (_name, actions, news, decisions) => {
    expect(run(actions, news)).toMatchObject({ decisions, completion: undefined });
  });

  test('a sub-orchestration without an id is named after execution and event id', () => {
    const outcome = replay({
      functionName: 'o',
      execution: { instanceId: 'i', executionId: 'e', parentInstanceId: null, defaultVersion: '1.0' },
      history: begun,
      state: {
        isDone: false,
        actions: [[{ actionType: ACTION.callSubOrchestrator, functionName: 'child', input: { a: 1 } }]],
      },
      limits: { maximumShortTimerMs: DAY_MS, longTimerIntervalMs: DAY_MS, defaultHttpSleepMs: 1 },
      catalog: { has: () => true, names: () => [] },
    });
    expect(outcome.decisions).toEqual([
      { kind: 'subOrchestration', id: 0, name: 'child', version: '1.0', instanceId: 'e:0', input: '{"a":1}' },
    ]);
  });
});

describe('completion', () => {
  const done = { isDone: true, output: { ok: true } };

  test('needs a settled list', () => {
    expect(run([call('A')], [], done).completion).toBeUndefined();
    expect(run([call('A')], [scheduled(0, 'A'), completed(0)], done).completion).toEqual({
      kind: 'completed',
      output: '{"ok":true}',
    });
  });

  test.each([
    ['completion', done],
    ['failure', { isDone: false, error: 'boom' }],
  ])('%s is withheld while a task is open', (_name, state) => {
    const news = [scheduled(0, 'A'), timer(1), completed(0)];
    expect(run([any(call('A'), until(NOW_MS + 1000))], news, state).completion).toBeUndefined();
    expect(run([any(call('A'), until(NOW_MS + 1000))], [...news, fired(1)], state).completion).toBeDefined();
  });

  test('an error becomes plain text with the function name', () => {
    expect(run([], [], { isDone: false, error: 'boom' }).completion).toMatchObject({
      kind: 'failed',
      reason: "Orchestrator function 'o' failed: boom",
    });
  });

  test('continue-as-new carries events that come after it in the same walk', () => {
    const outcome = run(
      [wait('Go'), { actionType: ACTION.continueAsNew, input: { n: 2 } }],
      [raised('Lost'), raised('Go'), raised('Kept')],
      {
        isDone: true,
      },
    );
    expect(outcome.completion).toEqual({ kind: 'continuedAsNew', input: '{"n":2}' });
    expect(outcome.carried.map((event) => event.Name)).toEqual(['Kept']);
  });

  test('termination wins over everything that is open', () => {
    const terminated: HistoryEvent = { EventType: 'ExecutionTerminated', ...at(), Input: 'why' };
    expect(run([call('A')], [scheduled(0, 'A'), suspended, terminated]).completion).toEqual({
      kind: 'terminated',
      reason: 'why',
    });
  });
});

describe('suspension', () => {
  test('holds back later events and decisions of the same walk', () => {
    const outcome = run([call('A'), call('B')], [scheduled(0, 'A'), suspended, completed(0)]);
    expect(outcome).toMatchObject({ decisions: [], suspended: true, completion: undefined });
    expect(run([call('A')], [suspended]).decisions).toEqual([]);
  });

  test('gives them back in order at resumption', () => {
    expect(run([call('A'), call('B')], [scheduled(0, 'A'), suspended, completed(0), resumed])).toMatchObject({
      decisions: ['B#1'],
      suspended: false,
    });
    expect(run([call('A')], [suspended, resumed]).decisions).toEqual(['A#0']);
  });
});

describe('failures at once', () => {
  test.each<[string, Action[], HistoryEvent[], RegExp]>([
    [
      'a scheduled task that is not scheduled now',
      [],
      [scheduled(0, 'A')],
      /scheduled an activity task with sequence ID 0 and name 'A'/,
    ],
    ['another kind under the id', [until(NOW_MS)], [scheduled(0, 'A')], /scheduled a timer task there/],
    ['another name under the id', [call('B')], [scheduled(0, 'A')], /scheduled one named 'B' there/],
  ])('%s is non-determinism', (_name, actions, news, text) => {
    const { completion, decisions } = run(actions, news);
    expect(decisions).toEqual([]);
    expect(completion).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(
        /^Non-Deterministic workflow detected: A previous execution of this orchestration /,
      ),
    });
    expect(completion).toMatchObject({ reason: expect.stringMatching(text) });
  });

  test.each<[string, Action, RegExp]>([
    ['an unknown activity', call('unknown'), /'unknown' doesn't exist.*'A', 'B'/],
    [
      'a child with the id of its parent',
      { actionType: ACTION.callSubOrchestrator, functionName: 'A', instanceId: 'parent' },
      /'parent' is the id of/,
    ],
    [
      'a child with the id of an entity',
      { actionType: ACTION.callSubOrchestrator, functionName: 'A', instanceId: '@a@b' },
      /starts with '@'/,
    ],
  ])('%s fails the instance', (_name, action, text) => {
    expect(run([action], []).completion).toMatchObject({ kind: 'failed', reason: expect.stringMatching(text) });
  });
});
