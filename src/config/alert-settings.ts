/** The settings of the alert webhook: which application may call it, and for whom its token must be. */
import { z } from 'zod';
import type { Problem } from './configuration-error.ts';

export interface AlertSettings {
  /** Accepted audiences: the application id URI of the app's registration, its client id, or both. */
  readonly audiences: readonly string[];
  readonly tenantId: string;
  /** Without a trailing slash. */
  readonly loginEndpoint: string;
  /** Client id of the application that may send alerts. */
  readonly caller: string;
}

/**
 * The application "AzNS AAD Webhook", in whose name action groups call secure webhooks (Azure Monitor documentation, "Action
 * groups", secure webhook).
 */
export const ACTION_GROUPS_CALLER = '461e8683-5575-4561-ac7f-899cc907d62a';

const MAX_AUDIENCES = 5;

export const alertAudiences = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine(
    (parts) =>
      parts.length > 0 && parts.length <= MAX_AUDIENCES && parts.every((part) => /^[\x21-\x7e]{1,256}$/.test(part)),
    `must be 1 to ${MAX_AUDIENCES} audiences separated by commas: the application id URI and the client id of the app's registration`,
  );

interface AlertValues {
  readonly SLIPWAY_ALERT_AUDIENCE?: readonly string[] | undefined;
  readonly SLIPWAY_TENANT_ID?: string | undefined;
  readonly SLIPWAY_LOGIN_ENDPOINT: string;
  readonly SLIPWAY_ALERT_CALLER: string;
}

/** Null without an audience: the webhook is not there. */
export function alertSettingsOf(value: AlertValues): AlertSettings | null {
  const audiences = value.SLIPWAY_ALERT_AUDIENCE;
  if (!audiences || !value.SLIPWAY_TENANT_ID) return null;
  return Object.freeze({
    audiences: Object.freeze([...audiences]),
    tenantId: value.SLIPWAY_TENANT_ID,
    loginEndpoint: value.SLIPWAY_LOGIN_ENDPOINT,
    caller: value.SLIPWAY_ALERT_CALLER,
  });
}

/** An audience without a tenant would check nothing. */
export function alertProblems(environment: Readonly<Record<string, string>>): readonly Problem[] {
  if (!environment.SLIPWAY_ALERT_AUDIENCE || environment.SLIPWAY_TENANT_ID) return [];
  return [
    {
      where: 'SLIPWAY_TENANT_ID',
      what: 'is missing; with SLIPWAY_ALERT_AUDIENCE it must be the id of the Entra tenant whose tokens count',
    },
  ];
}
