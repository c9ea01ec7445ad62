/** Registers a trained model as a version: its scoring code, then the model version that names it, which raises the event. */
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

export interface TrainedModels {
  /** Holds `<name>/model`, `<name>/code` and `<name>/metrics.json`, as set-up leaves them. */
  readonly modelsFolder: string;
  /** Stores a folder where Azure ML finds it and returns its address. */
  readonly upload: (folder: string) => Promise<string>;
}

export interface NewVersion {
  readonly version: string;
  /** Name of the trained model. */
  readonly model: string;
  /** Tags on top of what training measured. */
  readonly tags?: Readonly<Record<string, string>>;
}

export async function registerVersion(
  arm: ArmClient,
  trained: TrainedModels,
  { version, model, tags = {} }: NewVersion,
): Promise<void> {
  const folder = join(trained.modelsFolder, model);
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

const versionsSchema = z.object({ value: z.array(z.object({ name: z.string() })) });

/** One more than the highest number so far, as Azure ML numbers versions itself. */
export async function nextVersion(arm: ArmClient): Promise<string> {
  const { value } = versionsSchema.parse(await arm.get(`/models/${MODEL}/versions`));
  return String(1 + Math.max(0, ...value.map(({ name }) => Number(name)).filter(Number.isInteger)));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read: run "npm run setup", which trains the demo's models.`, { cause });
  }
}
