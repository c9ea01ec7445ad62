/** Builds what the stories use on a running stack: version 1 serves, traffic flows, the operator is reachable. */
import { join } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { topicArmId } from '../local/stack/local-azure.ts';
import { ROOT_FOLDER } from '../local/stack/stack-options.ts';
import type { RunningStack } from '../local/stack/start-stack.ts';
import { readReplayRows } from '../local/traffic/replay-rows.ts';
import { startTraffic } from '../local/traffic/start-traffic.ts';
import { createArmClient } from './azure/arm-client.ts';
import { deployFirstVersion } from './azure/deploy-first-version.ts';
import { createLatencyRules } from './azure/latency-rule.ts';
import { createAuditReader } from './azure/read-audit.ts';
import { BUCKET_SECONDS } from './demo-policy.ts';
import { createAppClient } from './operator/app-client.ts';
import { startApprovalMailbox } from './operator/approval-mailbox.ts';
import { createOperatorTokens } from './operator/tokens.ts';
import { prepareRetraining } from './retraining/prepare-retraining.ts';
import { createClients } from './stories/clients.ts';
import type { DemoContext } from './stories/story.ts';

export interface DemoOptions {
  readonly ratePerSecond: number;
  readonly say: (text: string) => void;
}

export interface PreparedDemo {
  readonly context: DemoContext;
  /** What a team sets up once before the first retraining. */
  setUpRetraining(): Promise<void>;
  stop(): Promise<void>;
}

export const SCENARIO_FOLDER = join(ROOT_FOLDER, 'examples', 'flights');
const DATA_FOLDER = join(ROOT_FOLDER, '.slipway', 'data');
const FIRST_ROWS = 'replay';
const MONITOR = 'flights-monitor';
const MANAGEMENT = 'https://management.azure.com';

export async function prepareDemo(stack: RunningStack, { ratePerSecond, say }: DemoOptions): Promise<PreparedDemo> {
  const { addresses, credentials, services, workspaceArmId } = stack;
  const pathOf = (name: string) => join(DATA_FOLDER, `${name}.jsonl`);
  const rows = await readReplayRows(pathOf(FIRST_ROWS));
  const credential = credentialOf(stack);
  const arm = createArmClient({ endpoint: addresses.azureMl, workspaceArmId, credential });
  const trained = {
    modelsFolder: join(ROOT_FOLDER, '.slipway', 'models'),
    upload: (path: string) => services.azureMl.artifacts.upload(path),
  };
  say('Deploying version 1 (two instances of the Azure ML inference server)');
  const { location } = stack.workspace;
  const setup = { scenarioFolder: SCENARIO_FOLDER, workspaceArmId, location };
  const live = await deployFirstVersion(arm, trained, setup);
  const files = { dataFolder: DATA_FOLDER, upload: trained.upload };
  const mailbox = await startApprovalMailbox({
    eventGridUrl: addresses.eventGrid,
    topicArmId: topicArmId(),
    managementToken: (await stack.identity.issueToken(MANAGEMENT)).value,
  });
  const tokens = createOperatorTokens(credentials.tokenSecret, () => Date.now());
  const app = createAppClient(addresses.host, tokens);
  const audit = createAuditReader(addresses.tables, credential);
  const traffic = startTraffic({ ...live, ca: credentials.ca, rows, ratePerSecond });
  say(`Version 1 serves ${live.scoringUri}; ${ratePerSecond} real rows a second flow to it`);
  const stop = async () => {
    await traffic.stop();
    await mailbox.stop();
  };
  const runMonitor = async () => {
    const run = await services.azureMl.monitoring.runNow(MONITOR);
    if (!run) throw new Error(`There is no monitor ${MONITOR}.`);
  };
  const latencyRules = createLatencyRules({
    monitorUrl: addresses.monitor,
    appUrl: addresses.host,
    workspaceArmId,
    grainSeconds: BUCKET_SECONDS,
    managementToken: async () => (await stack.identity.issueToken(MANAGEMENT)).value,
  });
  const context = {
    arm,
    audit,
    trained,
    traffic,
    files,
    clients: createClients({ traffic, pathOf, first: FIRST_ROWS, say }),
    runMonitor,
    latencyRules,
    app,
    tokens,
    mailbox,
    say,
  };
  return { context, setUpRetraining: () => prepareRetraining(arm, files, setup), stop };
}

/** Tokens of the local identity for whatever scope a client asks. */
function credentialOf({ identity }: RunningStack): TokenCredential {
  return {
    async getToken(scopes) {
      const scope = [scopes].flat()[0] ?? '';
      const { value, expiresOnSeconds } = await identity.issueToken(scope.replace(/\/\.default$/, ''));
      return { token: value, expiresOnTimestamp: expiresOnSeconds * 1000 };
    },
  };
}
