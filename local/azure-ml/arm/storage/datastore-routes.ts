/** GET and list of the workspace's datastores. */
import type { ArmCall, ArmRoute } from '../protocol/arm-call.ts';
import { ok, param } from '../protocol/arm-call.ts';
import { ArmError, notFound } from '../protocol/arm-error.ts';
import { page } from '../protocol/paging.ts';
import { stamp } from '../protocol/system-data.ts';
import { armId, armType, type WorkspaceOptions } from '../protocol/workspace.ts';
import type { Datastore } from './default-datastores.ts';

export interface DatastoreRoutesOptions {
  readonly workspace: WorkspaceOptions;
  readonly datastores: readonly Datastore[];
  readonly storageAccount: string;
  readonly createdAtMs: number;
}

export function datastoreRoutes(options: DatastoreRoutesOptions): readonly ArmRoute[] {
  const show = (datastore: Datastore) => showDatastore(datastore, options);
  return [
    { method: 'GET', path: '/datastores', handle: (call) => page(call, selected(call, options.datastores), show) },
    {
      method: 'GET',
      path: '/datastores/:name',
      handle: (call) => {
        const name = param(call, 'name').toLowerCase();
        const found = options.datastores.find((datastore) => datastore.name === name);
        if (!found) throw notFound(call.url.split('?')[0] ?? '');
        return ok(show(found));
      },
    },
    { method: 'PUT', path: '/datastores/:name', handle: refuseWrite },
    { method: 'DELETE', path: '/datastores/:name', handle: refuseWrite },
  ];
}

function selected(call: ArmCall, datastores: readonly Datastore[]): readonly Datastore[] {
  const names = call.query('names')?.toLowerCase().split(',');
  const isDefault = call.query('isDefault')?.toLowerCase();
  const text = call.query('searchText')?.toLowerCase() ?? '';
  return datastores.filter(
    (datastore) =>
      (!names || names.includes(datastore.name)) &&
      (!isDefault || String(datastore.isDefault) === isDefault) &&
      datastore.name.includes(text),
  );
}

function refuseWrite(): never {
  throw new ArmError(
    400,
    'BadRequest',
    'The local workspace has its four default datastores only; they cannot be added, changed or deleted.',
  );
}

function showDatastore(datastore: Datastore, options: DatastoreRoutesOptions): object {
  const target = datastore.type === 'AzureBlob' ? 'containerName' : 'fileShareName';
  return {
    id: armId(options.workspace, 'datastores', datastore.name),
    name: datastore.name,
    type: armType('datastores'),
    properties: {
      datastoreType: datastore.type,
      accountName: options.storageAccount,
      [target]: datastore.container,
      endpoint: 'core.windows.net',
      protocol: 'https',
      isDefault: datastore.isDefault,
      serviceDataAccessAuthIdentity: 'None',
      credentials: { credentialsType: 'None' },
      description: null,
      tags: {},
      properties: {},
    },
    systemData: stamp(options.createdAtMs, options.workspace.workspaceId),
  };
}
