/** State of one online endpoint and its deployments, and the store of all endpoints. Names compare without case. */

import type { StringMap } from '../protocol/string-map.ts';
import type { SystemData } from '../protocol/system-data.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import type { ProvisioningState } from './provisioning-state.ts';

export type AuthMode = 'Key' | 'AMLToken' | 'AADToken';

/** Percent per deployment name. */
export type Shares = Readonly<Record<string, number>>;

export interface Routing {
  readonly traffic: Shares;
  readonly mirrorTraffic: Shares;
}

/** What a PUT of the endpoint sets, besides its routing. */
export interface EndpointSettings {
  readonly tags: StringMap;
  readonly kind?: string | null | undefined;
  readonly sku?: unknown;
  readonly identity?: Readonly<Record<string, unknown>> | null | undefined;
  readonly description?: string | null | undefined;
  readonly publicNetworkAccess: 'Enabled' | 'Disabled';
  readonly properties: StringMap;
}

export interface EndpointRecord {
  readonly name: string;
  readonly location: string;
  readonly authMode: AuthMode;
  keys: { readonly primaryKey: string; readonly secondaryKey: string };
  settings: EndpointSettings;
  /** What the router really does. */
  routing: Routing;
  /** What GET still answers until then, though `routing` has moved on. */
  stale?: { readonly routing: Routing; readonly untilMs: number };
  scoringUri: string | null;
  state: ProvisioningState;
  systemData: SystemData;
  /** Address of the status document of the last PUT. */
  operationUrl?: string;
  /** True while an operation runs on the endpoint or one of its deployments. */
  isBusy: boolean;
  readonly deployments: Map<string, DeploymentRecord>;
}

/** Endpoints by name without case, in order of creation. */
export class EndpointStore {
  readonly #byName = new Map<string, EndpointRecord>();

  list(): readonly EndpointRecord[] {
    return [...this.#byName.values()];
  }

  find(name: string): EndpointRecord | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  add(endpoint: EndpointRecord): void {
    this.#byName.set(endpoint.name.toLowerCase(), endpoint);
  }

  remove(endpoint: EndpointRecord): void {
    this.#byName.delete(endpoint.name.toLowerCase());
  }
}
