/** Finds the version that `azureml:<name>@latest` means: the one that was created last. */
import { z } from 'zod';
import { type ArmRequests, armPath } from './arm-requests.ts';
import { type AssetKind, assetId } from './asset-id.ts';

const LATEST = /^azureml:([A-Za-z0-9_-]+)@latest$/;
/** The order word of Azure ML's own command line (azure-ai-ml, `OrderString`). */
const NEWEST_FIRST = { $orderBy: 'createdtime desc', $top: '1' };

const listSchema = z.looseObject({ value: z.array(z.looseObject({ name: z.string() })) });

export type AssetResolution =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: string };

/** ARM id of the version that a reference names; ids and registry references stay as they are. Nothing is read unless for `@latest`. */
export async function resolveAsset(arm: ArmRequests, kind: AssetKind, reference: string): Promise<AssetResolution> {
  if (reference.startsWith('/')) return { ok: true, id: reference };
  const latest = LATEST.exec(reference)?.[1];
  const id = latest ? await latestId(arm, kind, latest) : assetId(arm.workspaceId, kind, reference);
  if (id) return { ok: true, id };
  const reason = latest
    ? `There is no version of ${latest} among the ${kind} of the workspace.`
    : `"${reference.slice(0, 200)}" is no reference to ${kind}: write azureml:<name>:<version> or azureml:<name>@latest.`;
  return { ok: false, reason };
}

async function latestId(arm: ArmRequests, kind: AssetKind, name: string): Promise<string | null> {
  const body = await arm.get(armPath(kind, name, 'versions'), NEWEST_FIRST);
  const newest = body === null ? undefined : listSchema.parse(body).value[0];
  return newest ? `${arm.workspaceId}/${kind}/${name}/versions/${newest.name}` : null;
}
