/** The whole local stack with the scenarios' policies in it, and what a scenario needs to act on it and to look at it. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { parseDocument } from 'yaml';
import { type ArmClient, createArmClient } from '../../../demo/azure/arm-client.ts';
import { ROOT_FOLDER } from '../../../local/stack/stack-options.ts';
import { type RunningStack, startStack } from '../../../local/stack/start-stack.ts';
import { createTokens } from '../../../src/adapters/tokens/create-tokens.ts';
import type { Tokens } from '../../../src/ports/tokens.ts';
import { type AppApi, createAppApi } from './app-api.ts';
import { BUCKET_SECONDS, CODE, ENVIRONMENT, jobFileOf, type LaneChoices, lanePolicy } from './lane-policy.ts';
import { createRecordReader, type RecordReader } from './read-records.ts';

export interface WorldOptions {
  /** Of the state folder: one world per name at a time. */
  readonly name: string;
  /** Endpoint of each lane, and how its rollouts go. */
  readonly lanes: Readonly<Record<string, LaneChoices>>;
  /** Stronger than the stack's own. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface World {
  readonly stack: RunningStack;
  readonly arm: ArmClient;
  readonly api: AppApi;
  readonly records: RecordReader;
  /** Mints with the app's own secret. */
  readonly tokens: Tokens;
  /** Mints with an attacker's secret. */
  readonly forgery: Tokens;
  /** Address of the model that every version is made of. */
  readonly modelUri: string;
  /** Stopped with the world, last first. */
  readonly cleanUps: (() => Promise<void>)[];
  stop(): Promise<void>;
}

const JOB_FILE = join(import.meta.dirname, '..', 'steady-training', 'job.yml');
const MODEL_FOLDER = join(import.meta.dirname, '..', 'steady-model');
/** The model needs no package; the environment is only recorded. */
const IMAGE = 'mcr.microsoft.com/azureml/minimal-py311-inference:latest';

/** A start that fails leaves nothing running. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const stateFolder = join(ROOT_FOLDER, '.slipway', `e2e-${options.name}`);
  const policiesFolder = await writePolicies(join(stateFolder, 'policies'), options.lanes);
  const stack = await startStack({
    bucketSeconds: BUCKET_SECONDS,
    stateFolder,
    policiesFolder,
    exitOnSignal: false,
    appSettings: { SLIPWAY_WATCHDOG_SCHEDULE: '* * * * * *', ...options.settings },
  });
  try {
    return await furnish(stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function furnish(stack: RunningStack): Promise<World> {
  const { addresses, credentials, services, workspaceArmId } = stack;
  const arm = createArmClient({ endpoint: addresses.azureMl, workspaceArmId, credential: credentialOf(stack) });
  const { artifacts } = services.azureMl;
  const codeUri = await artifacts.upload(join(MODEL_FOLDER, 'code'));
  await arm.put(`/codes/${CODE}/versions/1`, { properties: { codeUri } });
  await arm.put(`/environments/${ENVIRONMENT}/versions/1`, { properties: { image: IMAGE } });
  const tokens = createTokens(Buffer.from(credentials.tokenSecret, 'base64url'));
  const cleanUps: (() => Promise<void>)[] = [];
  return {
    stack,
    arm,
    api: createAppApi(addresses.host, tokens),
    records: createRecordReader(credentials.storageConnectionString),
    tokens,
    forgery: createTokens(randomBytes(48)),
    modelUri: await artifacts.upload(join(MODEL_FOLDER, 'model')),
    cleanUps,
    async stop() {
      await Promise.allSettled(cleanUps.splice(0).map((cleanUp) => cleanUp()));
      await stack.stop();
    },
  };
}

async function writePolicies(folder: string, lanes: WorldOptions['lanes']): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [lane, choices] of Object.entries(lanes)) {
    await writeFile(join(folder, `${lane}.yaml`), JSON.stringify(lanePolicy(lane, choices), null, 2));
    const { retrainPauseSeconds: pause } = choices;
    if (pause !== undefined) await writeFile(join(folder, jobFileOf(lane)), await laneJob(pause));
  }
  return folder;
}

/** `pauseSeconds`: how long the training takes. */
async function laneJob(pauseSeconds: number): Promise<string> {
  const job = parseDocument(await readFile(JOB_FILE, 'utf8'));
  job.setIn(['inputs', 'pause'], pauseSeconds);
  return job.toString();
}

/** Tokens of the local identity for whatever scope a client asks. */
export function credentialOf({ identity }: RunningStack): TokenCredential {
  return {
    async getToken(scopes) {
      const scope = [scopes].flat()[0] ?? '';
      const { value, expiresOnSeconds } = await identity.issueToken(scope.replace(/\/\.default$/, ''));
      return { token: value, expiresOnTimestamp: expiresOnSeconds * 1000 };
    },
  };
}
