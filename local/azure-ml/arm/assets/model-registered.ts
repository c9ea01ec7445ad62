/** The system event of a new model version, with the member names of Azure's documented sample. */
import type { SystemEvent } from '../../../contracts/system-event.ts';
import { type WorkspaceOptions, workspaceArmId } from '../protocol/workspace.ts';
import type { AssetVersion } from './asset-store.ts';

/** `ModelVersion` is a number in the sample ("Azure Machine Learning as an Event Grid source"), though typings say string. */
export function modelRegistered(workspace: WorkspaceOptions, model: AssetVersion): SystemEvent {
  const isNumber = /^\d{1,15}$/.test(model.version);
  return {
    source: workspaceArmId(workspace),
    type: 'Microsoft.MachineLearningServices.ModelRegistered',
    subject: `models/${model.name}:${model.version}`,
    data: {
      ModelName: model.name,
      ModelVersion: isNumber ? Number(model.version) : model.version,
      ModelTags: model.properties.tags,
      ModelProperties: model.properties.properties,
    },
  };
}
