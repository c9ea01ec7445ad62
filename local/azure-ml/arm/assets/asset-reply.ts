/** Asset containers and versions in ARM's reply shape. */
import { armId, armType, type WorkspaceOptions } from '../protocol/workspace.ts';
import { type AssetKind, NEWER_MEMBERS } from './asset-kind.ts';
import type { AssetContainer, AssetVersion } from './asset-store.ts';

export function showContainer(
  workspace: WorkspaceOptions,
  kind: AssetKind,
  container: AssetContainer,
  hasNewerMembers: boolean,
): object {
  const { properties, systemData, name } = container;
  return {
    id: armId(workspace, kind, name),
    name,
    type: armType(kind),
    properties: {
      description: properties.description ?? null,
      tags: properties.tags,
      properties: properties.properties,
      isArchived: properties.isArchived ?? false,
      latestVersion: latestVersion(container),
      nextVersion: nextVersion(container),
      ...(kind === 'data' ? { dataType: properties.dataType } : {}),
      ...(hasNewerMembers ? { provisioningState: 'Succeeded' } : {}),
    },
    systemData,
  };
}

export function showVersion(
  workspace: WorkspaceOptions,
  kind: AssetKind,
  version: AssetVersion,
  hasNewerMembers: boolean,
): object {
  const members = Object.entries(version.properties).filter(([name]) => hasNewerMembers || !NEWER_MEMBERS.has(name));
  return {
    id: armId(workspace, kind, version.name, 'versions', version.version),
    name: version.version,
    type: armType(kind, 'versions'),
    properties: {
      description: null,
      ...Object.fromEntries(members),
      ...(kind === 'environments' ? { environmentType: 'UserCreated' } : {}),
      ...(hasNewerMembers ? { provisioningState: 'Succeeded' } : {}),
    },
    systemData: version.systemData,
  };
}

/** The version created last, not the highest one. */
function latestVersion(container: AssetContainer): string | null {
  return [...container.versions.values()].at(-1)?.version ?? null;
}

function nextVersion(container: AssetContainer): string {
  const numbers = [...container.versions.values()].map(({ version }) => (/^\d{1,15}$/.test(version) ? +version : 0));
  return String(Math.max(0, ...numbers) + 1);
}
