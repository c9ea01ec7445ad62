/** Every port of the app in memory, over one simulated Azure; tests script the parts. */
import { createTokens } from '../../../src/adapters/tokens/create-tokens.ts';
import type { AppConfiguration, AppPorts } from '../../../src/compose.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { SimulatedAzure } from '../orchestrators/simulated-azure.ts';
import { InMemoryAuditLog, InMemoryEvidenceStore } from './in-memory-records.ts';
import { RecordingPublisher } from './recording-publisher.ts';
import { ScriptedMonitors } from './scripted-monitors.ts';
import { ScriptedScaling } from './scripted-scaling.ts';
import { ScriptedTraining } from './scripted-training.ts';

export const SETTINGS: AppConfiguration['settings'] = {
  subscriptionId: '11111111-2222-3333-4444-555555555555',
  resourceGroup: 'rg-models',
  workspace: 'mlw-models',
  publicUrl: 'https://slipway.example',
  maxEventAgeMs: 86_400_000,
  dataAccountId: null,
};

export function inMemoryPorts<OwnClock extends Clock>(clock: OwnClock) {
  const azure = new SimulatedAzure(clock);
  const training = new ScriptedTraining();
  let ids = 0;
  return {
    platform: azure,
    scoring: azure,
    telemetry: azure,
    jobs: training,
    assets: training,
    trainingData: training,
    rows: training,
    registry: training,
    runs: training,
    monitors: new ScriptedMonitors(),
    scaling: new ScriptedScaling((deployment, instanceCount) => azure.scale(deployment, instanceCount)),
    workspace: { read: async () => ({ trackingUri: null, isV1Legacy: false }) },
    publisher: new RecordingPublisher(),
    audit: new InMemoryAuditLog(),
    evidence: new InMemoryEvidenceStore(),
    tokens: createTokens(new Uint8Array(32).fill(7)),
    clock,
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    pause: async () => undefined,
    bus: null,
    alerts: null,
  } satisfies AppPorts;
}
