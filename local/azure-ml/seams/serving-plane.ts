/** The seam between the ARM surface (what should run) and the serving plane (processes and routing). */

import type { DataCollection } from './data-collection.ts';

/** Probe settings in milliseconds, as in the deployment's livenessProbe/readinessProbe. */
export interface ProbeSettings {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Everything that is needed to run one deployment. Folders are absolute paths on this machine. */
export interface DeploymentSpec {
  readonly endpointName: string;
  readonly deploymentName: string;
  readonly modelFolder: string;
  readonly codeFolder: string;
  readonly scoringScript: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly instanceCount: number;
  readonly requestTimeoutMs: number;
  readonly maxConcurrentRequestsPerInstance: number;
  readonly liveness: ProbeSettings;
  readonly readiness: ProbeSettings;
  /** Absent when nothing is collected. */
  readonly dataCollection?: DataCollection;
}

/** Failure codes of "Troubleshoot online endpoints deployment", for example `ResourceNotReady`, `UserScriptInitFailed`. */
export type StartOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface EndpointRouting {
  /** Percent per deployment; sums to 0 or 100. */
  readonly traffic: Readonly<Record<string, number>>;
  /** At most one deployment, at most 50 percent. */
  readonly mirrorTraffic: Readonly<Record<string, number>>;
}

export interface EndpointIdentity {
  readonly endpointName: string;
  readonly resourceId: string;
  readonly location: string;
  readonly workspaceName: string;
  readonly workspaceId: string;
  readonly authMode: 'Key' | 'AMLToken' | 'AADToken';
}

/** What the ARM surface may ask of the serving plane. Every method is safe to repeat. */
export interface ServingPlane {
  /** Opens the endpoint's scoring route; resolves with its scoring URI. */
  openEndpoint(
    endpoint: EndpointIdentity,
    keys: { readonly primaryKey: string; readonly secondaryKey: string },
  ): Promise<string>;
  setKeys(endpointName: string, keys: { readonly primaryKey: string; readonly secondaryKey: string }): void;
  /** Takes effect for the next request. */
  setRouting(endpointName: string, routing: EndpointRouting): void;
  closeEndpoint(endpointName: string): Promise<void>;
  /** Starts the instances and resolves once all are ready, or with the failure when readiness is not reached. */
  startDeployment(spec: DeploymentSpec, signal: AbortSignal): Promise<StartOutcome>;
  /** Starts or stops instances until `instanceCount` of them run. */
  scaleDeployment(endpointName: string, deploymentName: string, instanceCount: number): Promise<StartOutcome>;
  stopDeployment(endpointName: string, deploymentName: string): Promise<void>;
  /** The last `tailLines` lines of the deployment's output. */
  logs(endpointName: string, deploymentName: string, tailLines: number): string;
  stop(): Promise<void>;
}
