/** The fake of Azure ML keeps the promises of the real adapter. */
import { describeModelPlatform } from '../adapters/model-platform-contract.ts';
import { InMemoryPlatform } from './in-memory-platform.ts';

describeModelPlatform('the platform in memory', async () => {
  const platform = new InMemoryPlatform();
  let createdMs = Date.UTC(2026, 0, 1);
  const add = (version: string, tags: Record<string, string>) => {
    createdMs += 60_000;
    platform.addVersion('flights', version, new Date(createdMs).toISOString(), tags);
  };
  add('1', {});
  platform.addEndpoint('flights', { traffic: { blue: 100 }, mirror: {} });
  platform.addDeployment('flights', 'blue');
  platform.addDeployment('flights', 'other');
  return {
    platform,
    settle: async () => platform.settle(),
    addVersion: async (version, tags) => add(version, tags),
    failNextDeployment: () => {
      platform.nextDeploymentFails = true;
    },
    stop: async () => undefined,
  };
});
