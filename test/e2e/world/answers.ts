/** Scenarios about what a version answers: rows that can be told apart, what became of them, and versions that answer otherwise. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { z } from 'zod';
import type { ReplayRow } from '../../../local/traffic/replay-rows.ts';
import { outcomesFolderOf } from './lane-policy.ts';
import type { World } from './start-world.ts';

/** More than a client asks in a scenario: no row is asked twice. */
const ROWS = 6000;
const datastoreSchema = z.object({ properties: z.object({ containerName: z.string() }) });

/** Labels from 0 to 99, which version 1 predicts exactly. */
export const NAMED_ROWS: readonly ReplayRow[] = Array.from({ length: ROWS }, (_, index) => ({
  features: { x: index % 100, id: `row-${index}` },
  label: index % 100,
}));

/** The label of every row, as if each were known as soon as it is asked. */
export async function givenOutcomesArrived({ arm, stack }: World, lane: string): Promise<void> {
  const { properties } = datastoreSchema.parse(await arm.get('/datastores/workspaceblobstore'));
  const hour = new Date().toISOString().slice(0, 13).replace(/[-T]/g, '/');
  const lines = NAMED_ROWS.map(({ features, label }) => JSON.stringify({ id: features.id, label }));
  const text = `${lines.join('\n')}\n`;
  await BlobServiceClient.fromConnectionString(stack.credentials.storageConnectionString)
    .getContainerClient(properties.containerName)
    .getBlockBlobClient(`${outcomesFolderOf(lane)}/${hour}/labels.jsonl`)
    .upload(text, Buffer.byteLength(text));
}

/** Address of a model that answers `factor` times what version 1 does. */
export async function givenAModelOf({ stack }: World, factor: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-model-'));
  try {
    const model = join(folder, 'model');
    await mkdir(model);
    await writeFile(join(model, 'factor.json'), JSON.stringify(factor));
    return await stack.services.azureMl.artifacts.upload(model);
  } finally {
    await rm(folder, { recursive: true });
  }
}
