/** What set-up can be asked for, and the steps that each goal takes. */
import { demoSteps, firstStorySteps } from './demo-steps.mjs';
import { npmPackagesStep } from './npm-packages.mjs';
import { rootFolder } from './paths.mjs';
import { mlflowEnvironmentStep, servingEnvironmentStep, trainingEnvironmentStep } from './virtual-environment.mjs';

/** @type {Readonly<Record<string, { readonly brings: string, readonly steps: (python: any) => readonly any[] }>>} */
export const GOALS = {
  packages: { brings: 'npm packages, Node.js 24 among them', steps: () => packages() },
  'first-story': {
    brings: 'packages, and what the first story of the demo needs: two models, one set of rows',
    steps: (python) => [
      ...packages(),
      trainingEnvironmentStep(python),
      servingEnvironmentStep(python),
      ...firstStorySteps(python),
    ],
  },
  tests: {
    brings: 'packages, and the Python environments for serving, training and MLflow',
    steps: (python) => [...packages(), ...environments(python)],
  },
  all: {
    brings: 'all of this, and every model and all rows of the demo',
    steps: (python) => [...packages(), ...environments(python), ...demoSteps(python)],
  },
};

export const DEFAULT_GOAL = 'all';

/** Only npm packages need no Python. */
export function needsPython(goal) {
  return goal !== 'packages';
}

function packages() {
  return [npmPackagesStep(rootFolder)];
}

function environments(python) {
  return [trainingEnvironmentStep(python), servingEnvironmentStep(python), mlflowEnvironmentStep(python)];
}
