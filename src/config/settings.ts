/** Reads the app's settings from the environment: all of them valid, or one list of everything that is wrong. */
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  ACTION_GROUPS_CALLER,
  type AlertSettings,
  alertAudiences,
  alertProblems,
  alertSettingsOf,
} from './alert-settings.ts';
import type { Problem } from './configuration-error.ts';
import type { Secret } from './secret.ts';
import {
  SERVICE_BUS_CONNECTION,
  SERVICE_BUS_NAMESPACE,
  type ServiceBusSetting,
  serviceBusConnectionString,
  serviceBusNamespace,
} from './service-bus-setting.ts';
import * as shape from './setting-shapes.ts';

export interface Settings {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  /** Workspace id (a GUID) of the Log Analytics workspace that receives the endpoints' traffic logs. */
  readonly logAnalyticsWorkspaceId: string;
  readonly armEndpoint: string;
  readonly logsEndpoint: string;
  readonly metricsEndpoint: string;
  readonly tablesEndpoint: string;
  readonly blobsEndpoint: string;
  /** Blob service behind the workspace's datastores; null: what each datastore says of its account. */
  readonly datastoreBlobsEndpoint: string | null;
  readonly eventTopicEndpoint: string;
  /** Signs approval links and operator tokens. */
  readonly tokenSecret: Secret;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Absolute path. */
  readonly policiesFolder: string;
  /** `host:port` entries, lower case, that the app may call besides Azure ML's own scoring hosts. */
  readonly allowedHosts: readonly string[];
  readonly pollSchedule: string;
  readonly watchdogSchedule: string;
  /** Older events are refused as stale. */
  readonly maxEventAgeMs: number;
  /** Null: events are not published there, and commands are not taken from there. */
  readonly serviceBus: ServiceBusSetting | null;
  /** Null: the alert webhook is not there. */
  readonly alerts: AlertSettings | null;
  /** ARM id of the storage account whose new blobs may start retrainings; null: none do. */
  readonly dataAccountId: string | null;
}

const SCHEMA = z.object({
  SLIPWAY_SUBSCRIPTION_ID: shape.guid,
  SLIPWAY_RESOURCE_GROUP: shape.resourceGroupName,
  SLIPWAY_WORKSPACE: shape.workspaceName,
  SLIPWAY_LOG_ANALYTICS_WORKSPACE_ID: shape.guid,
  SLIPWAY_ARM_ENDPOINT: shape.httpsEndpoint,
  SLIPWAY_LOGS_ENDPOINT: shape.httpsEndpoint,
  SLIPWAY_METRICS_ENDPOINT: shape.httpsEndpoint.optional(),
  SLIPWAY_TABLES_ENDPOINT: shape.httpsEndpoint,
  SLIPWAY_BLOBS_ENDPOINT: shape.httpsEndpoint,
  SLIPWAY_DATASTORE_BLOBS_ENDPOINT: shape.httpsEndpoint.optional(),
  SLIPWAY_EVENT_TOPIC_ENDPOINT: shape.httpsEndpoint,
  SLIPWAY_TOKEN_SECRET: shape.secret,
  SLIPWAY_PUBLIC_URL: shape.publicUrl,
  SLIPWAY_POLICIES: z.string(),
  SLIPWAY_ALLOWED_HOSTS: shape.allowedHosts,
  SLIPWAY_POLL_SCHEDULE: shape.schedule,
  SLIPWAY_WATCHDOG_SCHEDULE: shape.schedule,
  SLIPWAY_MAX_EVENT_AGE: shape.eventAge,
  SLIPWAY_DATA_ACCOUNT_ID: shape.storageAccountId.optional(),
  [SERVICE_BUS_CONNECTION]: serviceBusConnectionString.optional(),
  [SERVICE_BUS_NAMESPACE]: serviceBusNamespace.optional(),
  SLIPWAY_ALERT_AUDIENCE: alertAudiences.optional(),
  SLIPWAY_TENANT_ID: shape.guid.optional(),
  SLIPWAY_LOGIN_ENDPOINT: shape.httpsEndpoint,
  SLIPWAY_ALERT_CALLER: shape.guid,
});

export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty setting counts as missing; `appRoot` is where a relative policies folder begins. */
export function readSettings(environment: Environment, appRoot: string): SettingsReading {
  const known = withDefaults(environment);
  const parsed = SCHEMA.safeParse(known);
  const problems = [...(parsed.error?.issues ?? []).map(problemOf), ...alertProblems(known)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  const value = parsed.data;
  const settings: Settings = {
    subscriptionId: value.SLIPWAY_SUBSCRIPTION_ID,
    resourceGroup: value.SLIPWAY_RESOURCE_GROUP,
    workspace: value.SLIPWAY_WORKSPACE,
    logAnalyticsWorkspaceId: value.SLIPWAY_LOG_ANALYTICS_WORKSPACE_ID,
    armEndpoint: value.SLIPWAY_ARM_ENDPOINT,
    logsEndpoint: value.SLIPWAY_LOGS_ENDPOINT,
    metricsEndpoint: value.SLIPWAY_METRICS_ENDPOINT ?? value.SLIPWAY_ARM_ENDPOINT,
    tablesEndpoint: value.SLIPWAY_TABLES_ENDPOINT,
    blobsEndpoint: value.SLIPWAY_BLOBS_ENDPOINT,
    datastoreBlobsEndpoint: value.SLIPWAY_DATASTORE_BLOBS_ENDPOINT ?? null,
    eventTopicEndpoint: value.SLIPWAY_EVENT_TOPIC_ENDPOINT,
    tokenSecret: value.SLIPWAY_TOKEN_SECRET,
    publicUrl: value.SLIPWAY_PUBLIC_URL,
    policiesFolder: resolve(appRoot, value.SLIPWAY_POLICIES),
    allowedHosts: Object.freeze(value.SLIPWAY_ALLOWED_HOSTS),
    pollSchedule: value.SLIPWAY_POLL_SCHEDULE,
    watchdogSchedule: value.SLIPWAY_WATCHDOG_SCHEDULE,
    maxEventAgeMs: value.SLIPWAY_MAX_EVENT_AGE,
    alerts: alertSettingsOf(value),
    dataAccountId: value.SLIPWAY_DATA_ACCOUNT_ID ?? null,
    serviceBus: value[SERVICE_BUS_CONNECTION] ?? value[SERVICE_BUS_NAMESPACE] ?? null,
  };
  return { ok: true, settings: Object.freeze(settings) };
}

function withDefaults(environment: Environment): Record<string, string> {
  const given = Object.entries(environment).filter(([, text]) => text !== undefined && text.trim() !== '');
  const known = Object.fromEntries(given.map(([name, text]) => [name, text?.trim() ?? '']));
  const hostName = known.WEBSITE_HOSTNAME;
  return {
    SLIPWAY_ARM_ENDPOINT: 'https://management.azure.com',
    SLIPWAY_LOGS_ENDPOINT: 'https://api.loganalytics.io',
    SLIPWAY_POLICIES: 'policies',
    SLIPWAY_ALLOWED_HOSTS: '',
    SLIPWAY_POLL_SCHEDULE: '0 */5 * * * *',
    SLIPWAY_WATCHDOG_SCHEDULE: '0 * * * * *',
    SLIPWAY_MAX_EVENT_AGE: '1d',
    SLIPWAY_LOGIN_ENDPOINT: 'https://login.microsoftonline.com',
    SLIPWAY_ALERT_CALLER: ACTION_GROUPS_CALLER,
    ...(hostName === undefined ? {} : { SLIPWAY_PUBLIC_URL: shape.urlOfHostName(hostName) }),
    ...known,
  };
}

function problemOf(issue: z.core.$ZodIssue): Problem {
  const where = String(issue.path[0]);
  const missing = issue.code === 'invalid_type';
  return {
    where,
    what: missing
      ? 'is missing; set it in the app settings (local.settings.sample.json shows an example)'
      : issue.message,
  };
}
