/** A serving plane in memory: remembers what it was asked, and starts deployments with the outcome a test orders. */
import type {
  DeploymentSpec,
  EndpointIdentity,
  EndpointRouting,
  ServingPlane,
  StartOutcome,
} from '../../../local/azure-ml/seams/serving-plane.ts';

export interface MemoryServingPlane extends ServingPlane {
  readonly endpoints: Map<string, EndpointIdentity>;
  readonly routing: Map<string, EndpointRouting>;
  readonly keys: Map<string, { readonly primaryKey: string; readonly secondaryKey: string }>;
  readonly running: Map<string, DeploymentSpec>;
  /** Number of calls to startDeployment. */
  starts: number;
  /** Outcome of the starts to come. */
  nextStart: StartOutcome;
}

export function createMemoryServingPlane(): MemoryServingPlane {
  const plane: MemoryServingPlane = {
    endpoints: new Map(),
    routing: new Map(),
    keys: new Map(),
    running: new Map(),
    starts: 0,
    nextStart: { ok: true },
    async openEndpoint(endpoint, keys) {
      plane.endpoints.set(endpoint.endpointName, endpoint);
      plane.keys.set(endpoint.endpointName, keys);
      return `https://localhost:9/endpoints/${endpoint.endpointName}/score`;
    },
    setKeys: (name, keys) => void plane.keys.set(name, keys),
    setRouting: (name, routing) => void plane.routing.set(name, routing),
    async closeEndpoint(name) {
      plane.endpoints.delete(name);
    },
    async startDeployment(spec) {
      plane.starts += 1;
      if (plane.nextStart.ok) plane.running.set(`${spec.endpointName}/${spec.deploymentName}`, spec);
      return plane.nextStart;
    },
    async scaleDeployment(endpoint, name, instanceCount) {
      const key = `${endpoint}/${name}`;
      const spec = plane.running.get(key);
      if (spec) plane.running.set(key, { ...spec, instanceCount });
      return { ok: true };
    },
    async stopDeployment(endpoint, name) {
      plane.running.delete(`${endpoint}/${name}`);
    },
    logs: (_endpoint, name, tailLines) => `last ${tailLines} lines of ${name}`,
    stop: async () => undefined,
  };
  return plane;
}
