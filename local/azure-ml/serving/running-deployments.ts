/** Starts, replaces, scales and ends deployments without failing a request that one of them has accepted. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../emulator/clock.ts';
import type { DeploymentSpec, ServingPlane, StartOutcome } from '../seams/serving-plane.ts';
import { Deployment } from './deployments/deployment.ts';
import { LineLog } from './instances/line-log.ts';
import type { InstanceLauncher } from './process/instance-launcher.ts';
import type { Endpoint, EndpointTable } from './router/endpoint.ts';

export interface RunningDeployments {
  readonly start: ServingPlane['startDeployment'];
  readonly scale: ServingPlane['scaleDeployment'];
  readonly stop: ServingPlane['stopDeployment'];
  /** Cancels the starts of an endpoint and ends its deployments when they have finished their requests. */
  stopAllOf(endpoint: Endpoint): Promise<void>;
  /** Ends everything at once, also what is still starting. */
  killAll(): Promise<void>;
}

interface Machinery {
  readonly launcher: InstanceLauncher;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

interface Start {
  readonly endpoint: Endpoint;
  readonly deploymentName: string;
  readonly deployment: Deployment;
  readonly outcome: Promise<StartOutcome>;
}

export function runningDeployments(endpoints: EndpointTable, machinery: Machinery): RunningDeployments {
  const starts = new Set<Start>();
  /** Every deployment that may have a process: starting, serving or finishing. */
  const all = new Set<Deployment>();

  async function drain(deployment: Deployment): Promise<void> {
    await deployment.drain();
    all.delete(deployment);
  }

  async function start(spec: DeploymentSpec, signal: AbortSignal): Promise<StartOutcome> {
    const { deploymentName } = spec;
    const endpoint = endpoints.require(spec.endpointName);
    const current = endpoint.deployments.get(deploymentName);
    if (current && sameButForCount(current.spec, spec)) return current.scale(spec.instanceCount);
    const deployment = new Deployment({ ...machinery, spec, output: outputOf(endpoint, deploymentName) });
    const begun = { endpoint, deploymentName, deployment, outcome: deployment.start(signal) };
    starts.add(begun);
    all.add(deployment);
    const outcome = await begun.outcome;
    if (!starts.delete(begun)) return { ok: false, code: 'OperationCanceled', message: 'The start was canceled.' };
    if (!outcome.ok) all.delete(deployment);
    else {
      // The next request goes to the new one; the old one finishes what it has.
      const old = endpoint.deployments.get(deploymentName);
      endpoint.deployments.set(deploymentName, deployment);
      if (old) await drain(old);
    }
    return outcome;
  }

  /** Nothing that is still starting when its endpoint or deployment goes may appear afterwards. */
  async function cancelStarts(belongs: (start: Start) => boolean): Promise<void> {
    const canceled = [...starts].filter(belongs);
    for (const start of canceled) starts.delete(start);
    await Promise.all(canceled.map(({ deployment }) => deployment.stop()));
    for (const { deployment } of canceled) all.delete(deployment);
  }

  return {
    start,
    async scale(endpointName, deploymentName, instanceCount) {
      const deployment = endpoints.get(endpointName)?.deployments.get(deploymentName);
      if (deployment) return deployment.scale(instanceCount);
      const message = `The deployment '${deploymentName}' of '${endpointName}' does not run: start it first.`;
      return { ok: false, code: 'ResourceNotFound', message };
    },
    async stop(endpointName, deploymentName) {
      const endpoint = endpoints.get(endpointName);
      if (!endpoint) return;
      const deployment = endpoint.deployments.get(deploymentName);
      endpoint.deployments.delete(deploymentName);
      endpoint.outputs.delete(deploymentName);
      await cancelStarts((start) => start.endpoint === endpoint && start.deploymentName === deploymentName);
      if (deployment) await drain(deployment);
    },
    async stopAllOf(endpoint) {
      const deployments = takeAll(endpoint);
      await cancelStarts((start) => start.endpoint === endpoint);
      await Promise.all(deployments.map(drain));
    },
    async killAll() {
      for (const endpoint of endpoints.all()) takeAll(endpoint);
      starts.clear();
      await Promise.all([...all].map((deployment) => deployment.stop()));
      all.clear();
    },
  };
}

function takeAll(endpoint: Endpoint): readonly Deployment[] {
  const deployments = [...endpoint.deployments.values()];
  endpoint.deployments.clear();
  return deployments;
}

function outputOf(endpoint: Endpoint, name: string): LineLog {
  const output = endpoint.outputs.get(name) ?? new LineLog();
  endpoint.outputs.set(name, output);
  return output;
}

function sameButForCount(one: DeploymentSpec, other: DeploymentSpec): boolean {
  return isDeepStrictEqual({ ...one, instanceCount: 0 }, { ...other, instanceCount: 0 });
}
