/** What a team sets up once for retraining: code and environment of the job, the reference, the model monitor. */
import { join } from 'node:path';
import { armWritesFromYaml } from '../../local/azure-ml/azure-ml-yaml.ts';
import type { ArmClient } from '../azure/arm-client.ts';
import { REFERENCE_ASSET, type RowFiles, registerRows } from '../azure/upload-rows.ts';

export interface RetrainingSetup {
  readonly scenarioFolder: string;
  readonly workspaceArmId: string;
  readonly location: string;
}

const DEMO_WINDOW = 'PT1M';
const TRAINING_CODE = 'flights-training';

export async function prepareRetraining(arm: ArmClient, files: RowFiles, setup: RetrainingSetup): Promise<void> {
  const { scenarioFolder, workspaceArmId: workspaceId, location } = setup;
  const codeUri = await files.upload(join(scenarioFolder, 'code'));
  await arm.put(`/codes/${TRAINING_CODE}/versions/1`, { properties: { codeUri } });
  await registerRows(arm, files, REFERENCE_ASSET, '1', 'reference');
  for (const file of ['training-environment.yml', 'monitor.yml']) {
    const options = { workspaceId, location, upload: files.upload };
    for (const { path, body } of await armWritesFromYaml(join(scenarioFolder, file), options))
      await arm.put(path, withDemoWindow(body));
  }
}

/** The monitor of the demo looks at the last minute where the example's looks at days; environments have no window. */
function withDemoWindow(body: object): object {
  const text = JSON.stringify(body);
  return JSON.parse(text.replace(/"windowSize":"[^"]*"/g, `"windowSize":"${DEMO_WINDOW}"`)) as object;
}
