/** Finds the model, code and environment that a deployment names, or reports all that are missing. */

import type { AssetKind } from '../assets/asset-kind.ts';
import { findAsset } from '../assets/asset-reference.ts';
import type { AssetVersion } from '../assets/asset-store.ts';
import type { EndpointContext } from '../endpoints/endpoint-context.ts';
import { type ArmErrorDetail, badRequest } from '../protocol/arm-error.ts';
import type { DeploymentBody } from '../records/deployment-schema.ts';

export interface DeploymentAssets {
  readonly model: AssetVersion;
  readonly code: AssetVersion;
}

export function requireAssets(context: EndpointContext, properties: DeploymentBody['properties']): DeploymentAssets {
  const find = (kind: AssetKind, reference: string) =>
    findAsset(context.workspace, kind, context.assets[kind], reference);
  const model = find('models', properties.model);
  const code = find('codes', properties.codeConfiguration.codeId);
  const environment = find('environments', properties.environmentId);
  if (typeof model !== 'string' && typeof code !== 'string' && typeof environment !== 'string') return { model, code };
  throw badRequest([
    ...missing('properties.model', model),
    ...missing('properties.codeConfiguration.codeId', code),
    ...missing('properties.environmentId', environment),
  ]);
}

function missing(target: string, found: AssetVersion | string): ArmErrorDetail[] {
  return typeof found === 'string' ? [{ code: 'ResourceNotFound', message: found, target }] : [];
}
