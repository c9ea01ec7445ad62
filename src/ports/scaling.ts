/** The number of instances of a deployment. */
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';
import type { WriteOutcome } from './model-platform.ts';

export interface Scaling {
  /** Starts the change and keeps everything else of the deployment; the same number again is harmless. */
  setInstanceCount(endpoint: EndpointName, deployment: DeploymentName, instanceCount: number): Promise<WriteOutcome>;
}
