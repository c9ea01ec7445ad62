/** Decides what a PUT may change in an asset version that exists: its labels, never its content. */
import { isDeepStrictEqual } from 'node:util';
import { type ArmErrorDetail, badRequest } from '../protocol/arm-error.ts';
import type { VersionProperties } from './asset-kind.ts';

const CHANGEABLE = new Set(['description', 'tags', 'isArchived', 'stage', 'autoRebuild']);

/** Returns the changed properties, or throws one 400 that names every member that cannot change. */
export function changedVersion(current: VersionProperties, wanted: VersionProperties): VersionProperties {
  const kept = Object.fromEntries(Object.entries(current).filter(([member]) => !CHANGEABLE.has(member)));
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined && value !== null);
  const problems: ArmErrorDetail[] = [];
  for (const [member, value] of given) {
    if (CHANGEABLE.has(member)) continue;
    const isSame = member === 'properties' ? addsOnly(current, wanted) : isDeepStrictEqual(current[member], value);
    if (!isSame) problems.push(immutable(member));
  }
  if (problems.length > 0) throw badRequest(problems);
  return { ...kept, ...wanted, ...notGiven(kept, wanted), properties: { ...current.properties, ...wanted.properties } };
}

function addsOnly(current: VersionProperties, wanted: VersionProperties): boolean {
  return Object.entries(wanted.properties).every(([name, value]) => (current.properties[name] ?? value) === value);
}

/** Content members that the caller left out stay as they are. */
function notGiven(kept: Record<string, unknown>, wanted: VersionProperties): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kept).filter(([member]) => (wanted[member] ?? null) === null));
}

function immutable(member: string): ArmErrorDetail {
  return {
    code: 'ImmutableProperty',
    message: `${member}: cannot be changed in a version that exists; register a new version instead.`,
    target: `properties.${member}`,
  };
}
