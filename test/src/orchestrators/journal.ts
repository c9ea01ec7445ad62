/** What a rollout asked its activities, one line for each question, repeats in a row left out. */
import type { ActivityInput, ActivityName } from '../../../src/contracts/activities.ts';
import { describeSplit } from '../../../src/domain/rollout/traffic-split.ts';
import type { VirtualApp } from './virtual-app.ts';

/** Reads only: what they ask about is in the lines around them. */
const READS: readonly string[] = ['assessVersion', 'takeSnapshot', 'readDeployment', 'readTraffic', 'readCapacity'];

type Writers = { readonly [Name in ActivityName]?: (input: ActivityInput<Name>) => string };

const WRITERS: Writers = {
  createGreen: ({ deployment, template, blueInstanceCount }) =>
    `create ${deployment}: ${template.instanceCount} instances, blue has ${blueInstanceCount}`,
  smokeTest: ({ deployment, timeoutMs }) => `smoke test ${deployment}: ${timeoutMs} ms`,
  shiftTraffic: ({ wanted, expected, force, rewrite }) =>
    [
      `shift to ${describeSplit(wanted)}`,
      expected.length > 0 && `own splits ${expected.length}`,
      force && 'force',
      rewrite && 'rewrite',
    ]
      .filter(Boolean)
      .join(', '),
  judgeTraffic: ({ green, blue, stretch, shiftAccepted }) =>
    [
      `judge ${green} against ${blue}: ${stretch.phase}, ${stretch.dwellBuckets} buckets`,
      stretch.lastStep && 'last step',
      !stretch.blueServed && 'blue as it was',
      shiftAccepted && 'shift accepted',
    ]
      .filter(Boolean)
      .join(', '),
  requestApproval: ({ approvalId, weight, situation }) => `ask for ${weight} % (${approvalId}): ${situation}`,
  deleteDeployment: ({ deployment }) => `delete ${deployment}`,
  tagVersion: ({ version, tags }) => `tag ${version} ${tags['slipway-status']}`,
  moveMonitor: ({ deployment, version }) => `monitor follows ${deployment} (${version})`,
  setCapacity: ({ deployment, instanceCount }) => `scale ${deployment} to ${instanceCount}`,
  recordAudit: ({ record }) => (record.kind === 'phase-changed' ? `= ${record.phase}` : `= ${record.kind}`),
};

/** Deployments appear as `blue` and `green`. */
export function journalOf(app: VirtualApp, green: string): readonly string[] {
  const lines = app.calls.flatMap(({ name, input }) => {
    if (READS.includes(name)) return [];
    const write = WRITERS[name as ActivityName] as ((input: unknown) => string) | undefined;
    return [(write?.(input) ?? name).replaceAll(green, 'green').replaceAll(app.azure.blue, 'blue')];
  });
  return lines.filter((line, index) => line !== lines[index - 1]);
}
