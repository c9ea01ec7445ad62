/** Registers the challenger with its lineage, once per job. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import { RETRAINING_TAGS } from '../../domain/retraining/tags.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';

/** Versions that others registered at the same moment are stepped over. */
const ATTEMPTS = 5;

export function createRegisterVersion(registry: ModelRegistry): ActivityHandler<'registerVersion'> {
  return async ({ model, jobName, modelUri, description, tags }) => {
    let reason = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const known = await registry.findByTag(model, RETRAINING_TAGS.job, jobName);
      if (known) return { kind: 'registered', version: known.version };
      const version = await registry.nextVersion(model);
      const registration = { model, version, jobName, modelUri, modelType: 'custom_model', description, tags } as const;
      const outcome = await registry.register(registration);
      if (outcome.kind === 'accepted') return { kind: 'registered', version };
      reason = outcome.reason;
    }
    return { kind: 'refused', reason };
  };
}
