/** The fake of Azure Monitor keeps the promises of the real adapter. */
import { describeTelemetry } from '../adapters/telemetry-contract.ts';
import { InMemoryTelemetry } from './in-memory-telemetry.ts';

describeTelemetry('the telemetry in memory', async () => {
  const telemetry = new InMemoryTelemetry();
  return { telemetry, serve: (request) => void telemetry.record(request), stop: async () => undefined };
});
