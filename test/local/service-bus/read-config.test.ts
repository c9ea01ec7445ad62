/** The configuration in the official emulator's shape: defaults, and refusals that name every problem. */
import { expect, test } from 'vitest';
import { readConfig } from '../../../local/service-bus/config/read-config.ts';

function configOf(namespace: object): object {
  return { UserConfig: { Namespaces: [{ Name: 'sbemulatorns', ...namespace }], Logging: { Type: 'File' } } };
}

function subscriptionWith(rule: object): object {
  return configOf({
    Topics: [{ Name: 't', Subscriptions: [{ Name: 's', Rules: [{ Name: 'r', Properties: rule }] }] }],
  });
}

test('what is left out has the defaults of the official emulator', () => {
  expect(
    readConfig(configOf({ Queues: [{ Name: 'q' }], Topics: [{ Name: 't', Subscriptions: [{ Name: 's' }] }] })),
  ).toEqual({
    queues: [
      {
        name: 'q',
        duplicateWindowMs: undefined,
        rules: {
          lockDurationMs: 60_000,
          maxDeliveryCount: 10,
          requiresSession: false,
          defaultTimeToLiveMs: 3_600_000,
          deadLetterOnExpiration: false,
        },
      },
    ],
    topics: [
      {
        name: 't',
        defaultTimeToLiveMs: 3_600_000,
        duplicateWindowMs: undefined,
        subscriptions: [expect.objectContaining({ name: 's', filters: [{ type: 'true' }] })],
      },
    ],
  });
});

test('properties are read, and empty forwarding is none', () => {
  const Properties = {
    LockDuration: 'PT30S',
    RequiresDuplicateDetection: true,
    DuplicateDetectionHistoryTimeWindow: 'PT10M',
    DefaultMessageTimeToLive: 'P14D',
    ForwardTo: '',
    ForwardDeadLetteredMessagesTo: '',
  };
  expect(readConfig(configOf({ Queues: [{ Name: 'q', Properties }] })).queues[0]).toMatchObject({
    duplicateWindowMs: 600_000,
    rules: { lockDurationMs: 30_000, defaultTimeToLiveMs: 14 * 86_400_000 },
  });
});

test('all problems are reported together, each with its path', () => {
  const Properties = { LockDuration: 'PT10M', MaxDeliveryCount: 0, ForwardTo: 'other' };
  const read = () => readConfig(configOf({ Queues: [{ Name: 'q', Properties }] }));
  expect(read).toThrow("'PT10M'");
  expect(read).toThrow('Queues[0].Properties.LockDuration');
  expect(read).toThrow('MaxDeliveryCount');
  expect(read).toThrow('Forwarding is not supported');
});

test.each([
  ['a SQL filter', { FilterType: 'Sql', SqlFilter: { SqlExpression: '1=1' } }, 'no SQL filters'],
  ['an empty correlation filter', { FilterType: 'Correlation', CorrelationFilter: {} }, 'An empty correlation filter'],
  ['a misspelt property', { FilterType: 'Correlation', CorrelationFilter: { Lable: 'x' } }, 'Lable'],
  [
    'a rule action',
    { FilterType: 'Correlation', CorrelationFilter: { Label: 'x' }, Action: { SqlExpression: 'SET a = 1' } },
    'Rule actions are not supported',
  ],
])('%s is refused', (_what, rule, problem) => {
  expect(() => readConfig(subscriptionWith(rule))).toThrow(problem);
});

test.each([
  ['two entities of one name', { Queues: [{ Name: 'same' }], Topics: [{ Name: 'Same' }] }, 'same name'],
  ['a malformed duration', { Queues: [{ Name: 'q', Properties: { LockDuration: '1 minute' } }] }, "'1 minute'"],
  ['a name with blanks', { Queues: [{ Name: 'my queue' }] }, 'An entity name'],
  ['51 entities', { Queues: Array.from({ length: 51 }, (_, index) => ({ Name: `q${index}` })) }, 'at most 50'],
])('%s are refused', (_what, namespace, problem) => {
  expect(() => readConfig(configOf(namespace))).toThrow(problem);
});
