/** Registers one trained version: its scoring code, then the model version that names it, which raises the event. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ArmClient } from './arm-client.ts';
import { CODE, MODEL } from './scenario-names.ts';

const metricsSchema = z.object({
  trainedFrom: z.string(),
  trainedTo: z.string(),
  maeMinutes: z.number(),
  rmseMinutes: z.number(),
});

export interface TrainedVersions {
  /** Holds `<version>/model`, `<version>/code` and `<version>/metrics.json`, as set-up leaves them. */
  readonly modelsFolder: string;
  /** Stores a folder where Azure ML finds it and returns its address. */
  readonly upload: (folder: string) => Promise<string>;
}

/** `tags` come on top of what training measured. */
export async function registerVersion(
  arm: ArmClient,
  trained: TrainedVersions,
  version: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = join(trained.modelsFolder, version);
  const measured = metricsSchema.parse(JSON.parse(await readText(join(folder, 'metrics.json'))));
  const codeUri = await trained.upload(join(folder, 'code'));
  await arm.put(`/codes/${CODE}/versions/${version}`, { properties: { codeUri } });
  const modelUri = await trained.upload(join(folder, 'model'));
  const properties = {
    modelType: 'custom_model',
    modelUri,
    description: `Trained on ${measured.trainedFrom} to ${measured.trainedTo}.`,
    tags: {
      'scoring-code': version,
      'mae-minutes': String(measured.maeMinutes),
      'rmse-minutes': String(measured.rmseMinutes),
      ...tags,
    },
  };
  await arm.put(`/models/${MODEL}/versions/${version}`, { properties });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read: run "npm run setup", which trains the demo's versions.`, { cause });
  }
}
