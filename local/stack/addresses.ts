/** Every address of a running stack. */

export interface Addresses {
  readonly identity: string;
  /** Where receivers of tokens find the tenant's metadata and signing keys. */
  readonly login: string;
  readonly blobs: string;
  readonly queues: string;
  readonly tables: string;
  /** Logs and metrics. */
  readonly monitor: string;
  readonly eventGrid: string;
  /** Publish endpoint of the app's topic. */
  readonly eventTopic: string;
  /** Control endpoint of the Service Bus; clients use its connection string. */
  readonly serviceBus: string;
  /** Base of all scoring URIs. */
  readonly scoring: string;
  /** Azure Resource Manager, as far as Azure ML goes. */
  readonly azureMl: string;
  /** The Functions host; reserved for it also when it is not started. */
  readonly host: string;
}

/** `https://localhost:5000/x` gives `localhost:5000`. */
export function hostAndPort(url: string): string {
  return new URL(url).host;
}
