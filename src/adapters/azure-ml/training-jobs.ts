/** The TrainingJobs port: raw requests, because the client sends asset inputs without their addresses (arm-machinelearning 2.1.1). */
import type { WriteOutcome } from '../../ports/model-platform.ts';
import type { JobSubmission, TrainingJobs } from '../../ports/training-jobs.ts';
import { type ArmRequests, armPath, createArmRequests } from './arm-requests.ts';
import type { AzureMlClient, AzureMlTarget } from './azure-ml-client.ts';
import { jobBody, viewOfJob } from './job-resource.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export function createTrainingJobs(client: AzureMlClient, target: AzureMlTarget): TrainingJobs {
  const arm = createArmRequests(client, target);
  return {
    submit: (job) => submit(arm, job),
    async read(name) {
      const body = await arm.get(pathOf(name));
      return body === null ? null : viewOfJob(body);
    },
    cancel: (name) => cancel(arm, name),
  };
}

/** Read before it is written: a PUT of a job that exists would change its labels, or be refused for what cannot change. */
async function submit(arm: ArmRequests, { name, properties }: JobSubmission): Promise<WriteOutcome> {
  const path = pathOf(name);
  if ((await arm.get(path)) !== null) return { kind: 'accepted' };
  const made = await jobBody(arm, properties);
  if (!made.ok) return { kind: 'refused', reason: made.reason };
  return arm.write('PUT', path, made.body);
}

async function cancel(arm: ArmRequests, name: string): Promise<WriteOutcome> {
  const body = await arm.get(pathOf(name));
  if (body === null) return { kind: 'refused', reason: `There is no job ${name}.` };
  if (viewOfJob(body).state !== 'running') return { kind: 'accepted' };
  return arm.write('POST', `${pathOf(name)}/cancel`);
}

function pathOf(name: string): string {
  if (!NAME.test(name)) throw new Error(`"${name.slice(0, 100)}" is no job name: 1 to 64 of a-z, 0-9 and dashes.`);
  return armPath('jobs', name);
}
