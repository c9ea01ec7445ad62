/** A broker with the entities of the tests on a clock that tests move, and official clients that close with it. */
import { type EventEmitter, once } from 'node:events';
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { ManualClock } from '../../../local/emulator/manual-clock.ts';
import type { ServiceBusConfig } from '../../../local/service-bus/config/read-config.ts';
import {
  type RunningServiceBus,
  type ServiceBusOptions,
  startServiceBus,
} from '../../../local/service-bus/start-service-bus.ts';

export const testConfig: ServiceBusConfig = {
  UserConfig: {
    Namespaces: [
      {
        Queues: [
          { Name: 'plain', Properties: { MaxDeliveryCount: 3, DeadLetteringOnMessageExpiration: true } },
          {
            Name: 'commands',
            Properties: {
              RequiresSession: true,
              RequiresDuplicateDetection: true,
              DuplicateDetectionHistoryTimeWindow: 'PT5M',
              LockDuration: 'PT1M',
            },
          },
        ],
        Topics: [
          {
            Name: 'events',
            Subscriptions: [
              { Name: 'all' },
              {
                Name: 'failed',
                Rules: [
                  {
                    Name: 'failed-green',
                    Properties: {
                      FilterType: 'Correlation',
                      CorrelationFilter: { Label: 'failed', Properties: { deployment: 'green' } },
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
};

/**
 * Client retries without their default pauses of 30 s. A client whose connection breaks during a send only notices
 * by this time-out.
 */
export const quickRetries = { maxRetries: 3, retryDelayInMs: 50, maxRetryDelayInMs: 100, timeoutInMs: 1500 } as const;

export interface BrokerFixture {
  readonly clock: ManualClock;
  readonly bus: RunningServiceBus;
  readonly client: ServiceBusClient;
  stop(): Promise<void>;
}

/** The clock starts now, because clients compare lock ends with their own. */
export async function startBroker(options: Partial<ServiceBusOptions> = {}): Promise<BrokerFixture> {
  const clock = new ManualClock(Date.now());
  const bus = await startServiceBus({ port: 0, amqpPort: 0, clock, config: testConfig, ...options });
  const client = new ServiceBusClient(bus.connectionString, { retryOptions: quickRetries });
  return {
    clock,
    bus,
    client,
    async stop() {
      await client.close();
      await bus.stop();
    },
  };
}

/** Waits briefly for a single message; undefined when none comes. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage | undefined> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 300 });
  return message;
}

/** Like receiveOne, but fails when none comes. */
export async function receiveExpected(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5000 });
  if (!message) throw new Error(`No message came from ${receiver.entityPath} within 5 s.`);
  return message;
}

/**
 * Breaks the client's connection and waits until it has noticed. A link that it opens in the moment between hangs for a
 * minute in the client, and its public surface does not tell when it noticed.
 */
export async function dropNoticed({ bus, client }: BrokerFixture): Promise<void> {
  const { connection } = (client as unknown as { _connectionContext: { connection: EventEmitter } })._connectionContext;
  const noticed = once(connection, 'disconnected');
  bus.dropConnections();
  await noticed;
}
