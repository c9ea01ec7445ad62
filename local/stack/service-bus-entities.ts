/** The Service Bus entities of the app, as `infra/service-bus.bicep` makes them in Azure; times to live as the official emulator allows. */
import type { ServiceBusConfig } from '../service-bus/config/read-config.ts';

export const ROLLOUT_EVENTS = 'rollout-events';
export const ROLLOUT_COMMANDS = 'rollout-commands';

const HOUR = 'PT1H';
const TEN_MINUTES = 'PT10M';

/** Event types that somebody has to act on, one rule each: rules of a subscription add up. */
const CALLS = [
  'Slipway.Rollout.OperatorNeeded',
  'Slipway.Approval.Requested',
  'Slipway.Alert.OperatorNeeded',
  'Slipway.Workspace.OperatorNeeded',
  'Slipway.Retraining.Ended',
];

export const SERVICE_BUS_ENTITIES: ServiceBusConfig = {
  UserConfig: {
    Namespaces: [
      {
        Queues: [
          {
            Name: ROLLOUT_COMMANDS,
            Properties: {
              RequiresSession: true,
              RequiresDuplicateDetection: true,
              DuplicateDetectionHistoryTimeWindow: TEN_MINUTES,
              DefaultMessageTimeToLive: HOUR,
              DeadLetteringOnMessageExpiration: true,
              LockDuration: 'PT1M',
              MaxDeliveryCount: 5,
            },
          },
        ],
        Topics: [
          {
            Name: ROLLOUT_EVENTS,
            Properties: {
              RequiresDuplicateDetection: true,
              DuplicateDetectionHistoryTimeWindow: TEN_MINUTES,
              DefaultMessageTimeToLive: HOUR,
            },
            Subscriptions: [
              { Name: 'audit', Properties: { MaxDeliveryCount: 10 } },
              {
                Name: 'calls',
                Properties: { MaxDeliveryCount: 10 },
                Rules: CALLS.map((type) => ({
                  Name: type,
                  Properties: { FilterType: 'Correlation', CorrelationFilter: { Label: type } },
                })),
              },
            ],
          },
        ],
      },
    ],
  },
};
