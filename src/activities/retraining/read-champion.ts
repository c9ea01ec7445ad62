/** Finds the version of a model that serves most of an endpoint's live traffic: what a challenger has to beat. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { DeploymentName } from '../../domain/ids/names.ts';
import { DATA_TAG } from '../../domain/rollout/tag-names.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';

/** Tags are written by anybody who registers a model. */
const ASSET = /^azureml:[A-Za-z0-9_.-]{1,255}:[A-Za-z0-9._-]{1,100}$/;

export function createReadChampion(platform: ModelPlatform): ActivityHandler<'readChampion'> {
  return async ({ endpoint, model }) => {
    const view = await platform.getEndpoint(endpoint);
    if (!view) return { kind: 'none', reason: `There is no endpoint ${endpoint}.` };
    const [serving] = Object.entries(view.split.traffic).sort(([, a], [, b]) => b - a);
    if (!serving || serving[1] === 0) return { kind: 'none', reason: `Nothing serves live traffic of ${endpoint}.` };
    const deployment = serving[0] as DeploymentName;
    const found = await platform.getDeployment(endpoint, deployment);
    if (!found || found.model !== model || found.modelVersion === null) {
      return { kind: 'none', reason: `Deployment ${deployment} of ${endpoint} does not serve a version of ${model}.` };
    }
    const version = await platform.getModelVersion(model, found.modelVersion);
    const data = version?.tags[DATA_TAG] ?? '';
    const trainedOn = ASSET.test(data) ? data : null;
    return { kind: 'found', champion: { deployment, version: found.modelVersion, trainedOn } };
  };
}
