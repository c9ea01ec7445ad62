/** Decides which asset containers and versions a list call shows, and in which order. */
import type { ArmCall } from '../protocol/arm-call.ts';
import { ArmError } from '../protocol/arm-error.ts';
import { matchesFilter } from '../protocol/string-map.ts';
import type { AssetContainer, AssetVersion } from './asset-store.ts';

type Compare = (left: AssetVersion, right: AssetVersion) => number;

const byCreation: Compare = (left, right) => left.sequence - right.sequence;
const byChange: Compare = (left, right) =>
  left.systemData.lastModifiedAt.localeCompare(right.systemData.lastModifiedAt) || byCreation(left, right);

const ORDERS: Readonly<Record<string, Compare>> = { createdtime: byCreation, modifiedtime: byChange };

export function listedContainers(call: ArmCall, containers: readonly AssetContainer[]): readonly AssetContainer[] {
  const isShown = archiveFilter(call);
  return containers.filter((container) => isShown(container.properties.isArchived));
}

/** Newest first unless `$orderBy` says otherwise, for example `createdtime asc`. */
export function listedVersions(call: ArmCall, versions: readonly AssetVersion[]): readonly AssetVersion[] {
  const isShown = archiveFilter(call);
  const version = call.query('version')?.toLowerCase();
  const description = call.query('description');
  return versions
    .filter(
      (candidate) =>
        isShown(candidate.properties.isArchived) &&
        (version === undefined || candidate.version.toLowerCase() === version) &&
        (description === undefined || candidate.properties.description === description) &&
        matchesFilter(candidate.properties.tags, call.query('tags') ?? call.query('$tags')) &&
        matchesFilter(candidate.properties.properties, call.query('properties')),
    )
    .sort(order(call.query('$orderBy') ?? 'createdtime desc'))
    .slice(offset(call.query('offset')));
}

/** What `listViewType` shows: active ones unless it says otherwise. */
export function archiveFilter(call: ArmCall): (isArchived: boolean | null | undefined) => boolean {
  const view = call.query('listViewType')?.toLowerCase() ?? 'activeonly';
  switch (view) {
    case 'activeonly':
      return (isArchived) => !isArchived;
    case 'archivedonly':
      return (isArchived) => isArchived === true;
    case 'all':
      return () => true;
    default:
      throw new ArmError(400, 'BadRequest', `listViewType '${view}' is not one of ActiveOnly, ArchivedOnly, All.`);
  }
}

function order(text: string): Compare {
  const [word = '', direction = 'asc'] = text.trim().toLowerCase().split(/\s+/);
  const compare = Object.hasOwn(ORDERS, word) ? ORDERS[word] : undefined;
  if (!compare || !['asc', 'desc'].includes(direction)) {
    const words = Object.keys(ORDERS).join(' or ');
    throw new ArmError(400, 'BadRequest', `The list cannot be ordered by '${text}'. Use ${words}, then asc or desc.`);
  }
  return direction === 'desc' ? (left, right) => compare(right, left) : compare;
}

function offset(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
