/** Finds what an asset input names: an address, a data asset, a model version, or the output of an earlier job. */
import type { AssetKind } from '../../arm/assets/asset-kind.ts';
import { findAsset } from '../../arm/assets/asset-reference.ts';
import type { Resolved } from '../../arm/storage/artifact-store.ts';
import type { JobContext } from '../seams/job-context.ts';
import type { JobInput } from '../state/job-schema.ts';

type AssetInput = Exclude<JobInput, { jobInputType: 'literal' }>;

const URI_MEMBERS = { data: 'dataUri', models: 'modelUri' } as const;

/** Place of the input's files, or a sentence that says why there is none. */
export function inputPlace(context: JobContext, input: AssetInput): Resolved {
  if (/^(azureml|https):\/\//i.test(input.uri)) return context.artifacts.resolve(input.uri);
  const isModel = input.jobInputType.endsWith('_model');
  const kinds = isModel ? (['models', 'data'] as const) : (['data', 'models'] as const);
  const found = kinds.map((kind) => assetUri(context, kind, input.uri));
  const uri = found.find((answer) => answer.ok)?.uri;
  return uri === undefined ? { ok: false, message: found[0]?.message ?? '' } : context.artifacts.resolve(uri);
}

function assetUri(context: JobContext, kind: AssetKind & keyof typeof URI_MEMBERS, reference: string) {
  const version = findAsset(context.workspace, kind, context.assets[kind], reference);
  return typeof version === 'string'
    ? { ok: false, message: version }
    : { ok: true, uri: String(version.properties[URI_MEMBERS[kind]]) };
}
