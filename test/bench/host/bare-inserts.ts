/** How many rows a second the table service takes when nothing else is asked of it. */
import { TableClient } from '@azure/data-tables';

const FOR_MS = 4_000;
const AT_ONCE = 32;

export async function bareInsertsPerSecond(connectionString: string): Promise<number> {
  const table = TableClient.fromConnectionString(connectionString, 'BareInserts', { allowInsecureConnection: true });
  await table.createTable();
  // The size of a typical message row.
  const body = 'x'.repeat(400);
  const startedAtMs = performance.now();
  let inserted = 0;
  const worker = async (worker: number) => {
    for (let row = 0; performance.now() - startedAtMs < FOR_MS; row += 1) {
      await table.createEntity({ partitionKey: `partition${worker}`, rowKey: String(row), Body: body });
      inserted += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => worker(index)));
  return inserted / ((performance.now() - startedAtMs) / 1000);
}
