/** Registration of model versions with their lineage. */
import type { ModelName, ModelVersion } from '../domain/ids/names.ts';
import type { ModelVersionView, WriteOutcome } from './model-platform.ts';

export interface Registration {
  readonly model: ModelName;
  readonly version: ModelVersion;
  /** Name of the job that made it. */
  readonly jobName: string;
  /** For example `azureml://jobs/<job>/outputs/model`. */
  readonly modelUri: string;
  readonly modelType: 'custom_model' | 'mlflow_model' | 'triton_model';
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ModelRegistry {
  /** The newest version with this tag among the last 100; null when there is none. */
  findByTag(model: ModelName, tag: string, value: string): Promise<ModelVersionView | null>;
  /** One more than the highest whole number among the versions; `1` for a model that does not exist. */
  nextVersion(model: ModelName): Promise<ModelVersion>;
  /** A version that the same job registered counts as accepted; one of another job is refused. */
  register(registration: Registration): Promise<WriteOutcome>;
}
