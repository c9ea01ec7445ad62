/** The Durable engine with the real worker and SDK around the bench app, without the HTTP front. */
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../local/emulator/clock.ts';
import { createDurableHost, type LocalDurableHost } from '../../../local/functions-host/durable/create-durable-host.ts';
import { MemoryStore } from '../../../local/functions-host/durable/store/memory-store.ts';
import { connectTableStore } from '../../../local/functions-host/durable/store/tables/connect-table-store.ts';
import { resolveFunctions } from '../../../local/functions-host/resolve-functions.ts';
import { createInvoker } from '../../../local/functions-host/worker/invoker.ts';
import { loadApp } from '../../../local/functions-host/worker/load-app.ts';
import { CountingStore } from './counting-store.ts';

export const BENCH_APP = fileURLToPath(new URL('./app', import.meta.url));
const HUB_NAME = 'BenchHub';
const SETTING = 'AzureWebJobsStorage';

export interface EngineUnderTest {
  readonly host: LocalDurableHost;
  readonly store: CountingStore;
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }>;
}

/** In memory when no connection string is given. One per process: the Functions library keeps global state. */
export async function openEngine(connectionString: string | undefined): Promise<EngineUnderTest> {
  const log = (level: string, message: string) => {
    if (level === 'error' || level === 'warning') process.stderr.write(`${level}: ${message}\n`);
  };
  const app = await loadApp(BENCH_APP, log);
  const definitions = resolveFunctions(app.registry.all(), {});
  const invoker = createInvoker({
    app,
    definitions,
    inputProviders: new Map(),
    writeOutputs: async () => {},
    timeoutMs: undefined,
    clock: systemClock,
    log,
  });
  const settings: Record<string, string> = connectionString === undefined ? {} : { [SETTING]: connectionString };
  const inner =
    connectionString === undefined
      ? new MemoryStore()
      : connectTableStore({ hubName: HUB_NAME, connectionName: SETTING }, settings);
  const store = new CountingStore(inner);
  const section = { hubName: HUB_NAME };
  const host = await createDurableHost({ invoker, section, settings, clock: systemClock, log, store });
  await host.start();
  const call = (method: string, path: string, body?: unknown) =>
    host.manage({
      method,
      path,
      query: new URLSearchParams(),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      publicBaseUrl: 'http://localhost:7071/runtime/webhooks/durabletask',
    });
  return { host, store, call };
}
