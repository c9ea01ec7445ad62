/** PUT, GET, list and DELETE of asset containers and of their versions, for one asset type. */
import type { Clock } from '../../../emulator/clock.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok, param } from '../protocol/arm-call.ts';
import { badRequest, notFound, parseBody } from '../protocol/arm-error.ts';
import { requireResourceName, requireVersionName } from '../protocol/names.ts';
import { page } from '../protocol/paging.ts';
import { stamp } from '../protocol/system-data.ts';
import { armId, type WorkspaceOptions } from '../protocol/workspace.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { type AssetKind, containerBodySchema, NEWER_MEMBERS, URI_MEMBERS, versionBodySchema } from './asset-kind.ts';
import { listedContainers, listedVersions } from './asset-listing.ts';
import { showContainer, showVersion } from './asset-reply.ts';
import type { AssetStore, AssetVersion } from './asset-store.ts';
import { changedVersion } from './version-change.ts';

export interface AssetRoutesOptions {
  readonly kind: AssetKind;
  readonly store: AssetStore;
  readonly workspace: WorkspaceOptions;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  /** Called once per version, when it is new. */
  readonly onCreated: (version: AssetVersion) => void;
}

export function assetRoutes(options: AssetRoutesOptions): readonly ArmRoute[] {
  const base = `/${options.kind}`;
  const versions = `${base}/:name/versions`;
  return [
    { method: 'GET', path: base, handle: (call) => listContainers(options, call) },
    { method: 'GET', path: `${base}/:name`, handle: (call) => getContainer(options, call) },
    { method: 'PUT', path: `${base}/:name`, handle: (call) => putContainer(options, call) },
    { method: 'DELETE', path: `${base}/:name`, handle: (call) => deleteContainer(options, call) },
    { method: 'GET', path: versions, handle: (call) => listVersions(options, call) },
    { method: 'GET', path: `${versions}/:version`, handle: (call) => getVersion(options, call) },
    { method: 'PUT', path: `${versions}/:version`, handle: (call) => putVersion(options, call) },
    { method: 'DELETE', path: `${versions}/:version`, handle: (call) => deleteVersion(options, call) },
  ];
}

function listContainers({ kind, store, workspace }: AssetRoutesOptions, call: ArmCall): ArmReply {
  return page(call, listedContainers(call, store.containers()), (container) =>
    showContainer(workspace, kind, container, call.apiVersion.hasNewerMembers),
  );
}

function getContainer({ kind, store, workspace }: AssetRoutesOptions, call: ArmCall): ArmReply {
  const container = store.container(param(call, 'name'));
  if (!container) throw notFound(armId(workspace, kind, param(call, 'name')));
  return ok(showContainer(workspace, kind, container, call.apiVersion.hasNewerMembers));
}

function putContainer({ kind, store, workspace, clock }: AssetRoutesOptions, call: ArmCall): ArmReply {
  const name = param(call, 'name');
  requireResourceName(name);
  const { properties } = parseBody(containerBodySchema, call.body);
  if (kind === 'data' && !properties.dataType) {
    throw badRequest([{ code: 'ValidationError', message: 'properties.dataType: is required.', target: 'dataType' }]);
  }
  const known = store.container(name);
  const container = store.putContainer(name, properties, stamp(clock.nowMs(), call.callerId, known?.systemData));
  const body = showContainer(workspace, kind, container, call.apiVersion.hasNewerMembers);
  return { status: known ? 200 : 201, body };
}

function deleteContainer({ store }: AssetRoutesOptions, call: ArmCall): ArmReply {
  return { status: store.deleteContainer(param(call, 'name')) ? 200 : 204 };
}

function listVersions(options: AssetRoutesOptions, call: ArmCall): ArmReply {
  const { kind, store, workspace } = options;
  const name = param(call, 'name');
  if (!store.container(name)) throw notFound(armId(workspace, kind, name));
  return page(call, listedVersions(call, store.versions(name)), (version) =>
    showVersion(workspace, kind, version, call.apiVersion.hasNewerMembers),
  );
}

function getVersion({ kind, store, workspace }: AssetRoutesOptions, call: ArmCall): ArmReply {
  const name = param(call, 'name');
  const version = store.version(name, param(call, 'version'));
  if (!version) throw notFound(armId(workspace, kind, name, 'versions', param(call, 'version')));
  return ok(showVersion(workspace, kind, version, call.apiVersion.hasNewerMembers));
}

function putVersion(options: AssetRoutesOptions, call: ArmCall): ArmReply {
  const { kind, store, workspace, clock } = options;
  const name = param(call, 'name');
  const version = param(call, 'version');
  requireResourceName(name);
  requireVersionName(version);
  const wanted = readVersion(options, call);
  const known = store.version(name, version);
  const properties = known ? changedVersion(known.properties, wanted) : wanted;
  const systemData = stamp(clock.nowMs(), call.callerId, known?.systemData);
  if (!store.container(name)) {
    const dataType = typeof wanted.dataType === 'string' ? { dataType: wanted.dataType } : {};
    store.putContainer(name, { tags: {}, properties: {}, isArchived: false, ...dataType }, systemData);
  }
  const stored = store.putVersion(name, version, properties, systemData);
  if (!known) options.onCreated(stored);
  return {
    status: known ? 200 : 201,
    body: showVersion(workspace, kind, stored, call.apiVersion.hasNewerMembers),
  };
}

/** Members that the caller's api-version does not know are lost, as the service loses them. */
function readVersion({ kind, artifacts }: AssetRoutesOptions, call: ArmCall) {
  const { properties } = parseBody(versionBodySchema(kind), call.body);
  const uriMember = URI_MEMBERS[kind];
  const resolved = uriMember ? artifacts.resolve(String(properties[uriMember])) : undefined;
  if (resolved?.ok === false) {
    throw badRequest([{ code: 'InvalidUri', message: resolved.message, target: `properties.${uriMember}` }]);
  }
  if (call.apiVersion.hasNewerMembers) return properties;
  return { ...properties, ...Object.fromEntries([...NEWER_MEMBERS].map((member) => [member, undefined])) };
}

function deleteVersion({ store }: AssetRoutesOptions, call: ArmCall): ArmReply {
  return { status: store.deleteVersion(param(call, 'name'), param(call, 'version')) ? 200 : 204 };
}
