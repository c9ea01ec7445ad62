/** A job in ARM's reply shape. */
import { armId, armType, type WorkspaceOptions } from '../arm/protocol/workspace.ts';
import { trackingUri } from '../arm/workspace-routes.ts';
import { DEFAULT_OUTPUT } from './outputs/output-places.ts';
import type { Job } from './state/job.ts';

/** `error` and `parentJobName` are members of this emulator: the service keeps both in its run history. */
export function showJob(workspace: WorkspaceOptions, job: Job, baseUrl: string): object {
  const { properties } = job;
  return {
    id: armId(workspace, 'jobs', job.name),
    name: job.name,
    type: armType('jobs'),
    properties: {
      ...properties,
      description: properties.description ?? null,
      displayName: properties.displayName ?? job.name,
      status: job.status,
      services: services(workspace, job, baseUrl),
      outputs: outputs(job),
      ...(job.parentName === undefined ? {} : { parentJobName: job.parentName }),
      ...(job.error === undefined ? {} : { error: job.error }),
    },
    systemData: job.systemData,
  };
}

function services(workspace: WorkspaceOptions, job: Job, baseUrl: string): object {
  const studio = `https://ml.azure.com/runs/${job.name}?wsid=${armId(workspace)}&tid=${workspace.tenantId}`;
  return {
    Tracking: { jobServiceType: 'Tracking', endpoint: trackingUri(workspace, baseUrl) },
    Studio: { jobServiceType: 'Studio', endpoint: studio },
  };
}

function outputs(job: Job): object {
  const named = Object.entries(job.properties.outputs).map(([name, output]) => [
    name,
    { ...output, uri: job.outputUris.get(name) ?? output.uri },
  ]);
  const uri = job.outputUris.get(DEFAULT_OUTPUT);
  const standard = { jobOutputType: 'uri_folder', mode: 'ReadWriteMount', uri };
  return { [DEFAULT_OUTPUT]: standard, ...Object.fromEntries(named) };
}
