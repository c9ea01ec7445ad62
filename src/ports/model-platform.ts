/** Azure ML as the rollout needs it. Every call may be repeated; permanent refusals are values, only transient failures throw. */
import type { DeploymentName, EndpointName, ModelName, ModelVersion } from '../domain/ids/names.ts';
import type { DeploymentTemplate } from '../domain/policy/policy.ts';
import type { TrafficSplit } from '../domain/rollout/traffic-split.ts';

export interface ModelVersionView {
  readonly model: ModelName;
  readonly version: ModelVersion;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAtIso: string;
  /** ARM id. */
  readonly id: string;
}

/** `settled` is false while an operation runs on the endpoint or its last one failed. */
export interface EndpointView {
  readonly endpoint: EndpointName;
  readonly provisioningState: string;
  readonly split: TrafficSplit;
  readonly scoringUri: string;
}

export interface DeploymentView {
  readonly deployment: DeploymentName;
  readonly provisioningState: string;
  readonly instanceCount: number;
  /** Null when the deployment names its model in no known way. */
  readonly model: ModelName | null;
  readonly modelVersion: ModelVersion | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** A deployment to create; assets as full references (`azureml:<name>:<version>` resolved to ARM ids by the adapter). */
export interface DeploymentSpec extends Omit<DeploymentTemplate, 'readyTimeoutSeconds' | 'maxInstanceCount'> {
  readonly endpoint: EndpointName;
  readonly deployment: DeploymentName;
  readonly model: ModelName;
  readonly version: ModelVersion;
  readonly tags: Readonly<Record<string, string>>;
}

export type WriteOutcome =
  | { readonly kind: 'accepted' }
  /** Another operation runs on the endpoint (409): try again later. */
  | { readonly kind: 'busy'; readonly reason: string }
  /** Azure will never accept this request as it is. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface ModelPlatform {
  getModelVersion(model: ModelName, version: ModelVersion): Promise<ModelVersionView | null>;
  /** Newest first by creation time, at most `limit`. */
  listModelVersions(model: ModelName, limit: number): Promise<readonly ModelVersionView[]>;
  /** Adds or replaces the given tags, keeps the others. */
  mergeModelVersionTags(
    model: ModelName,
    version: ModelVersion,
    tags: Readonly<Record<string, string>>,
  ): Promise<WriteOutcome>;
  getEndpoint(endpoint: EndpointName): Promise<EndpointView | null>;
  /** Reads the endpoint, replaces traffic and mirror, writes it back whole. Does not wait for the operation. */
  putTraffic(endpoint: EndpointName, split: TrafficSplit): Promise<WriteOutcome>;
  getDeployment(endpoint: EndpointName, deployment: DeploymentName): Promise<DeploymentView | null>;
  /** Starts the creation; does not wait. */
  putDeployment(spec: DeploymentSpec): Promise<WriteOutcome>;
  /** Starts the deletion; an absent deployment counts as accepted. */
  deleteDeployment(endpoint: EndpointName, deployment: DeploymentName): Promise<WriteOutcome>;
  /** The last lines of a deployment's own log, for the reason of a failure; empty when there is none. */
  getDeploymentLog(endpoint: EndpointName, deployment: DeploymentName, tailLines: number): Promise<string>;
}
