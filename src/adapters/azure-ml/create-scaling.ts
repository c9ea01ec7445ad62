/** The Scaling port: a PATCH of the deployment's `sku`, the only part of it that can be changed in place besides its tags. */
import type { Scaling } from '../../ports/scaling.ts';
import { armPath, createArmRequests } from './arm-requests.ts';
import type { AzureMlClient, AzureMlTarget } from './azure-ml-client.ts';

export function createScaling(client: AzureMlClient, target: AzureMlTarget): Scaling {
  const arm = createArmRequests(client, target);
  return {
    setInstanceCount: (endpoint, deployment, capacity) =>
      arm.write('PATCH', armPath('onlineEndpoints', endpoint, 'deployments', deployment), {
        sku: { name: 'Default', capacity },
      }),
  };
}
