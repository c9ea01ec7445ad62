/** What the serving plane holds of one open endpoint: who may call it, where requests go, and what runs. */

import type { EndpointIdentity, EndpointRouting } from '../../seams/serving-plane.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { LineLog } from '../instances/line-log.ts';
import type { EndpointKeys } from './check-caller.ts';

export interface Endpoint {
  identity: EndpointIdentity;
  keys: EndpointKeys;
  routing: EndpointRouting;
  /** Those that take requests, by name. */
  readonly deployments: Map<string, Deployment>;
  /** Output of every deployment that was started and not yet deleted, failed ones too. */
  readonly outputs: Map<string, LineLog>;
}

/** Open endpoints by name; names compare as ARM compares them, without case. */
export class EndpointTable {
  readonly #endpoints = new Map<string, Endpoint>();

  get(name: string): Endpoint | undefined {
    return this.#endpoints.get(name.toLowerCase());
  }

  /** Fails for an endpoint that is not open. */
  require(name: string): Endpoint {
    const endpoint = this.get(name);
    if (!endpoint) throw new Error(`The endpoint '${name}' is not open in the serving plane: open it first.`);
    return endpoint;
  }

  /** Opening an open endpoint again keeps its routing and deployments. */
  open(identity: EndpointIdentity, keys: EndpointKeys): void {
    const open = this.get(identity.endpointName);
    if (open) Object.assign(open, { identity, keys });
    else {
      this.#endpoints.set(identity.endpointName.toLowerCase(), {
        identity,
        keys,
        routing: { traffic: {}, mirrorTraffic: {} },
        deployments: new Map(),
        outputs: new Map(),
      });
    }
  }

  remove(name: string): Endpoint | undefined {
    const endpoint = this.get(name);
    this.#endpoints.delete(name.toLowerCase());
    return endpoint;
  }

  all(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }
}
