/** Decides which jobs a list call shows: newest first, archived ones and a pipeline's steps when asked for. */
import { archiveFilter } from '../arm/assets/asset-listing.ts';
import type { ArmCall } from '../arm/protocol/arm-call.ts';
import { matchesFilter } from '../arm/protocol/string-map.ts';
import type { Job } from './state/job.ts';

/** `tag` is one string such as `k=v`; steps are listed with the others. */
export function listedJobs(call: ArmCall, jobs: readonly Job[]): readonly Job[] {
  const isShown = archiveFilter(call);
  const jobType = call.query('jobType')?.toLowerCase();
  return jobs
    .filter(
      ({ properties }) =>
        isShown(properties.isArchived) &&
        (jobType === undefined || properties.jobType.toLowerCase() === jobType) &&
        matchesFilter(properties.tags, call.query('tag')),
    )
    .reverse();
}
