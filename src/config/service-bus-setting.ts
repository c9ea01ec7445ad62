/**
 * Where the Service Bus namespace is: a connection string in SLIPWAY_SERVICE_BUS, or a namespace in
 * SLIPWAY_SERVICE_BUS__fullyQualifiedNamespace that is reached by the app's identity. The Functions host reads the same
 * two names (Functions documentation, "Azure Service Bus bindings", connections). Neither: Service Bus is not used.
 */
import { z } from 'zod';
import { Secret } from './secret.ts';

export type ServiceBusSetting =
  | { readonly kind: 'connection-string'; readonly reveal: () => string }
  | { readonly kind: 'namespace'; readonly fullyQualifiedNamespace: string };

/** Name of the connection, for bindings. */
export const SERVICE_BUS_CONNECTION = 'SLIPWAY_SERVICE_BUS';
export const SERVICE_BUS_NAMESPACE = 'SLIPWAY_SERVICE_BUS__fullyQualifiedNamespace';

const NAMESPACE = /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[1-9]\d{0,4})?$/i;

export const serviceBusConnectionString = z.string().transform((text, ctx) => {
  const parts = new Set(text.split(';').map((part) => part.slice(0, part.indexOf('=')).trim().toLowerCase()));
  const isWhole = ['endpoint', 'sharedaccesskeyname', 'sharedaccesskey'].every((name) => parts.has(name));
  if (isWhole && /(?:^|;)\s*Endpoint=sb:\/\/[^;]+/i.test(text) && !parts.has('entitypath')) {
    const secret = new Secret(new TextEncoder().encode(text));
    return Object.freeze({
      kind: 'connection-string' as const,
      reveal: () => new TextDecoder().decode(secret.reveal()),
    });
  }
  ctx.addIssue({
    code: 'custom',
    message:
      'must be a connection string of the whole namespace: Endpoint=sb://<host>;SharedAccessKeyName=<name>;SharedAccessKey=<key>, without EntityPath',
  });
  return z.NEVER;
});

export const serviceBusNamespace = z
  .string()
  .regex(NAMESPACE, 'must be the host name of a namespace, for example contoso.servicebus.windows.net')
  .transform((fullyQualifiedNamespace) => Object.freeze({ kind: 'namespace' as const, fullyQualifiedNamespace }));
