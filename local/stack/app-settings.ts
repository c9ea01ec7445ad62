/** The settings that make the app, unchanged, use the local Azure: endpoints, a CA, an identity and a secret. */
import { type Addresses, hostAndPort } from './addresses.ts';
import { ALERT_AUDIENCE, LOG_ANALYTICS_WORKSPACE_ID, PRINCIPAL, storageAccountId, WORKSPACE } from './local-azure.ts';

export interface AppSettingsInput {
  readonly addresses: Addresses;
  readonly storageConnectionString: string;
  readonly serviceBusConnectionString: string;
  readonly storageAccountName: string;
  readonly caPath: string;
  readonly identity: { readonly endpoint: string; readonly header: string };
  /** At least 32 random bytes, base64url. */
  readonly tokenSecret: string;
  readonly policiesFolder: string;
}

const EVERY_10_SECONDS = '*/10 * * * * *';

export function appSettings(input: AppSettingsInput): Record<string, string> {
  const { addresses } = input;
  return {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsStorage: input.storageConnectionString,
    NODE_EXTRA_CA_CERTS: input.caPath,
    IDENTITY_ENDPOINT: input.identity.endpoint,
    IDENTITY_HEADER: input.identity.header,
    SLIPWAY_SUBSCRIPTION_ID: WORKSPACE.subscriptionId,
    SLIPWAY_RESOURCE_GROUP: WORKSPACE.resourceGroup,
    SLIPWAY_WORKSPACE: WORKSPACE.name,
    SLIPWAY_LOG_ANALYTICS_WORKSPACE_ID: LOG_ANALYTICS_WORKSPACE_ID,
    SLIPWAY_ARM_ENDPOINT: addresses.azureMl,
    SLIPWAY_LOGS_ENDPOINT: addresses.monitor,
    SLIPWAY_METRICS_ENDPOINT: addresses.monitor,
    SLIPWAY_TABLES_ENDPOINT: addresses.tables,
    SLIPWAY_BLOBS_ENDPOINT: addresses.blobs,
    SLIPWAY_DATASTORE_BLOBS_ENDPOINT: addresses.blobs,
    SLIPWAY_DATA_ACCOUNT_ID: storageAccountId(input.storageAccountName),
    SLIPWAY_EVENT_TOPIC_ENDPOINT: addresses.eventTopic,
    SLIPWAY_SERVICE_BUS: input.serviceBusConnectionString,
    SLIPWAY_TENANT_ID: WORKSPACE.tenantId,
    SLIPWAY_LOGIN_ENDPOINT: addresses.login,
    SLIPWAY_ALERT_AUDIENCE: ALERT_AUDIENCE,
    SLIPWAY_ALERT_CALLER: PRINCIPAL.clientId,
    SLIPWAY_TOKEN_SECRET: input.tokenSecret,
    SLIPWAY_PUBLIC_URL: addresses.host,
    SLIPWAY_POLICIES: input.policiesFolder,
    SLIPWAY_ALLOWED_HOSTS: [addresses.scoring, addresses.azureMl].map(hostAndPort).join(','),
    SLIPWAY_POLL_SCHEDULE: EVERY_10_SECONDS,
    SLIPWAY_WATCHDOG_SCHEDULE: EVERY_10_SECONDS,
  };
}
