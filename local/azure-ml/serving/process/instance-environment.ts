/** Decides which environment variables a model server sees: the deployment's and Azure ML's, never the parent's own. */
import { delimiter, dirname } from 'node:path';
import type { DeploymentSpec } from '../../seams/serving-plane.ts';

/** Numeric libraries start a thread per core in each process; several processes share this machine's few cores. */
export const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/**
 * The deployment's variables win over the defaults, the paths of model and code over the deployment's.
 * Names: documentation of "Azure Machine Learning inference HTTP server" and constants of azureml-inference-server-http 1.5.1.
 */
export function instanceEnvironment(
  spec: DeploymentSpec,
  machine: { readonly pythonPath: string; readonly homeFolder: string; readonly searchPath: string },
): Record<string, string> {
  return {
    ...ONE_THREAD,
    PATH: [dirname(machine.pythonPath), machine.searchPath].join(delimiter),
    HOME: machine.homeFolder,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    WORKER_COUNT: '1',
    ...spec.environmentVariables,
    AML_APP_INSIGHTS_ENABLED: 'false',
    AML_APP_ROOT: spec.codeFolder,
    AZUREML_MODEL_DIR: spec.modelFolder,
    AZUREML_ENTRY_SCRIPT: spec.scoringScript,
  };
}
