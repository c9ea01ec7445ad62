/** Where Azure ML's data collector keeps what deployments were asked and what they answered. */
import type { CollectedRow, DataRow } from '../ports/data-rows.ts';

/** Folder of all collections, unless a deployment says otherwise ("Collect production data from models"). */
export const COLLECTED = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector/';

export async function* rowsOfRequests(collected: AsyncIterable<CollectedRow>): AsyncIterable<DataRow> {
  for await (const { row } of collected) yield row;
}
