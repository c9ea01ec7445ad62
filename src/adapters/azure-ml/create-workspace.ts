/** The Workspace port: what the workspace says of itself. */
import { z } from 'zod';
import type { Workspace } from '../../ports/workspace.ts';
import { createArmRequests } from './arm-requests.ts';
import type { AzureMlClient, AzureMlTarget } from './azure-ml-client.ts';

const workspaceSchema = z.looseObject({
  properties: z.looseObject({ mlFlowTrackingUri: z.string().nullish(), v1LegacyMode: z.boolean().nullish() }),
});

export function createWorkspace(client: AzureMlClient, target: AzureMlTarget): Workspace {
  const arm = createArmRequests(client, target);
  return {
    async read() {
      const body = await arm.get('');
      if (body === null) return null;
      const { mlFlowTrackingUri, v1LegacyMode } = workspaceSchema.parse(body).properties;
      return { trackingUri: mlFlowTrackingUri ?? null, isV1Legacy: v1LegacyMode ?? false };
    },
  };
}
