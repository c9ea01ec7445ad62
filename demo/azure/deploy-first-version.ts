/** Brings the endpoint up with version 1, as a team does before Slipway takes over: from the CLI YAML of the example. */
import { join } from 'node:path';
import { z } from 'zod';
import { armWritesFromYaml } from '../../local/azure-ml/azure-ml-yaml.ts';
import { sleep, systemClock } from '../../local/emulator/clock.ts';
import type { ArmClient } from './arm-client.ts';
import { readEndpoint } from './read-endpoint.ts';
import { registerVersion, type TrainedModels } from './register-version.ts';
import { CODE, ENDPOINT, FIRST_DEPLOYMENT } from './scenario-names.ts';

const FIRST_VERSION = '1';
const FIRST_MODEL = 'winter';
/** The version went live by hand: without the tag Slipway would take it for one whose event was lost. */
const LIVE_TAG = { 'slipway-status': 'live', 'slipway-reason': 'Deployed by hand before the first rollout.' };

const MAX_STALE_MS = 30_000;
const POLL_MS = 250;

const keysSchema = z.object({ primaryKey: z.string() });

export interface FirstVersionOptions {
  readonly scenarioFolder: string;
  readonly workspaceArmId: string;
  readonly location: string;
}

export interface LiveEndpoint {
  readonly scoringUri: string;
  readonly key: string;
}

/** Resolves when version 1 serves all traffic. */
export async function deployFirstVersion(
  arm: ArmClient,
  trained: TrainedModels,
  options: FirstVersionOptions,
): Promise<LiveEndpoint> {
  await registerVersion(arm, trained, { version: FIRST_VERSION, model: FIRST_MODEL, tags: LIVE_TAG });
  const code = { code: `azureml:${CODE}:${FIRST_VERSION}`, scoring_script: 'score.py' };
  await writeYaml(arm, trained, options, 'environment.yml');
  await writeYaml(arm, trained, options, 'endpoint.yml');
  await writeYaml(arm, trained, options, 'deployment.yml', { code_configuration: code });
  await writeYaml(arm, trained, options, 'endpoint.yml', { traffic: { [FIRST_DEPLOYMENT]: 100 } });
  const scoringUri = await readUntilLive(arm);
  const { primaryKey } = keysSchema.parse(await arm.post(`/onlineEndpoints/${ENDPOINT}/listKeys`));
  return { scoringUri, key: primaryKey };
}

/** A read may show the split from before the write for a moment, as it does in Azure. */
async function readUntilLive(arm: ArmClient): Promise<string> {
  for (const deadlineMs = Date.now() + MAX_STALE_MS; Date.now() < deadlineMs; await sleep(systemClock, POLL_MS)) {
    const { scoringUri, traffic } = await readEndpoint(arm);
    if (traffic[FIRST_DEPLOYMENT] === 100) return scoringUri;
  }
  throw new Error(`${ENDPOINT} does not show ${FIRST_DEPLOYMENT} at 100 % after ${MAX_STALE_MS / 1000} s.`);
}

async function writeYaml(
  arm: ArmClient,
  { upload }: TrainedModels,
  { scenarioFolder, workspaceArmId: workspaceId, location }: FirstVersionOptions,
  file: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const writes = await armWritesFromYaml(join(scenarioFolder, file), { workspaceId, location, upload, overrides });
  for (const { path, body } of writes) await arm.put(path, body);
}
