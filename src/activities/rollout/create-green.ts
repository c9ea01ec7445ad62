/** Starts the creation of the green deployment at 0 % of traffic, with blue's capacity at least. */
import type { ActivityHandler, ActivityInput, ActivityOutput } from '../../contracts/activities.ts';
import { resolveTemplate } from '../../domain/policy/template.ts';
import { SLIPWAY_TAGS } from '../../domain/rollout/tag-names.ts';
import type { DeploymentSpec, ModelPlatform, ModelVersionView } from '../../ports/model-platform.ts';

type Input = ActivityInput<'createGreen'>;
type Output = ActivityOutput<'createGreen'>;

/** A deployment that this rollout created before is not written again; one of an earlier rollout is replaced. */
export function createCreateGreen(platform: ModelPlatform): ActivityHandler<'createGreen'> {
  return async (input) => {
    const { endpoint, deployment, model, version } = input;
    const existing = await platform.getDeployment(endpoint, deployment);
    const own = existing?.modelVersion === version && existing.tags[SLIPWAY_TAGS.rollout] === input.rolloutId;
    if (own && existing.provisioningState !== 'Deleting') return { kind: 'started' };
    const view = await platform.getEndpoint(endpoint);
    if (view === null) return refused(`Endpoint ${endpoint} does not exist.`);
    const share = (view.split.traffic[deployment] ?? 0) + (view.split.mirror[deployment] ?? 0);
    if (share > 0) return refused(`${deployment} has live or mirrored traffic; it is not replaced while it serves.`);
    const candidate = await platform.getModelVersion(model, version);
    if (candidate === null) return refused(`Version ${version} of model ${model} does not exist any more.`);
    return put(platform, input, candidate);
  };
}

async function put(platform: ModelPlatform, input: Input, { version, tags }: ModelVersionView): Promise<Output> {
  const environment = resolveTemplate(input.template.environment, { version, tags });
  const code = resolveTemplate(input.template.code, { version, tags });
  if (!environment.ok) return refused(environment.reason);
  if (!code.ok) return refused(code.reason);
  const outcome = await platform.putDeployment(specOf(input, environment.text, code.text));
  return outcome.kind === 'accepted' ? { kind: 'started' } : outcome;
}

function specOf(input: Input, environment: string, code: string): DeploymentSpec {
  const { endpoint, deployment, model, version, template } = input;
  return {
    endpoint,
    deployment,
    model,
    version,
    environment,
    code,
    scoringScript: template.scoringScript,
    instanceType: template.instanceType,
    instanceCount: Math.max(template.instanceCount, input.blueInstanceCount),
    requestTimeoutMs: template.requestTimeoutMs,
    maxConcurrentRequestsPerInstance: template.maxConcurrentRequestsPerInstance,
    environmentVariables: template.environmentVariables,
    liveness: template.liveness,
    readiness: template.readiness,
    dataCollection: template.dataCollection,
    tags: { [SLIPWAY_TAGS.rollout]: input.rolloutId },
  };
}

function refused(reason: string): Output {
  return { kind: 'refused', reason };
}
