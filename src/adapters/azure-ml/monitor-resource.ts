/**
 * Reads the schedule of a model monitor and makes the body that points it at another deployment. Members that are not read
 * here are written back as they came. Shape: Azure/azure-rest-api-specs, machinelearningservices 2024-04-01, Schedules
 * (CreateMonitorAction).
 */
import { z } from 'zod';
import type { MonitorMove } from '../../ports/model-monitor.ts';

const dataSchema = z.looseObject({
  uri: z.string(),
  jobInputType: z.string().nullish(),
  inputDataType: z.string().nullish(),
});

const signalSchema = z.looseObject({
  /** A list for signals of attribution drift. */
  productionData: z.union([z.array(dataSchema), dataSchema]).nullish(),
  referenceData: dataSchema.nullish(),
});

const scheduleSchema = z.looseObject({
  properties: z.looseObject({
    provisioningState: z.string().nullish(),
    action: z.looseObject({
      actionType: z.literal('CreateMonitor'),
      monitorDefinition: z.looseObject({
        monitoringTarget: z.looseObject({ deploymentId: z.string().nullish() }).nullish(),
        signals: z.record(z.string(), signalSchema),
      }),
    }),
  }),
});

export type MonitorResource = z.output<typeof scheduleSchema>;
type Data = z.output<typeof dataSchema>;
type Signal = z.output<typeof signalSchema>;

export type MonitorReading =
  | { readonly ok: true; readonly resource: MonitorResource }
  | { readonly ok: false; readonly reason: string };

/** A data asset of the workspace to compare with. */
export interface ReferenceAsset {
  readonly name: string;
  readonly version: string;
  /** `uri_file`, `uri_folder` or `mltable`; an input says it beside the address. */
  readonly dataType: string;
}

/** The move with its reference looked up. */
export type PlannedMove = Omit<MonitorMove, 'reference'> & { readonly reference: ReferenceAsset | null };

export function parseMonitor(schedule: string, body: unknown): MonitorReading {
  const parsed = scheduleSchema.safeParse(body);
  if (parsed.success) return { ok: true, resource: parsed.data };
  return { ok: false, reason: `Schedule ${schedule} is no model monitor: ${z.prettifyError(parsed.error)}` };
}

/** Name of the deployment that the monitor watches, or null when it names none of this endpoint. */
export function watchedDeployment({ properties }: MonitorResource, endpoint: string): string | null {
  const id = properties.action.monitorDefinition.monitoringTarget?.deploymentId ?? '';
  const match = /\/onlineEndpoints\/([^/]+)\/deployments\/([^/]+)$/i.exec(id) ?? /^azureml:([^:]+):([^:]+)$/i.exec(id);
  return match?.[1]?.toLowerCase() === endpoint.toLowerCase() ? (match[2] ?? null) : null;
}

/** The PUT body after the move. Ids keep the form in which they were written: ARM id, or `azureml:` reference. */
export function movedMonitor(resource: MonitorResource, workspaceId: string, from: string, move: PlannedMove): object {
  const { provisioningState: _readOnly, ...properties } = resource.properties;
  const { action } = properties;
  const { monitorDefinition } = action;
  const { monitoringTarget, signals } = monitorDefinition;
  const moved = Object.entries(signals).map(([name, signal]) => [name, movedSignal(signal, workspaceId, from, move)]);
  const target = {
    ...monitoringTarget,
    deploymentId: targetId(monitoringTarget?.deploymentId ?? '', workspaceId, move),
  };
  const definition = { ...monitorDefinition, monitoringTarget: target, signals: Object.fromEntries(moved) };
  return { properties: { ...properties, action: { ...action, monitorDefinition: definition } } };
}

function targetId(present: string, workspaceId: string, { endpoint, deployment }: PlannedMove): string {
  if (/^azureml:[^/]/i.test(present)) return `azureml:${endpoint}:${deployment}`;
  return `${workspaceId}/onlineEndpoints/${endpoint}/deployments/${deployment}`;
}

function movedSignal(signal: Signal, workspaceId: string, from: string, move: PlannedMove): Signal {
  const { productionData, referenceData } = signal;
  const follow = (data: Data) => ({ ...data, uri: followed(data.uri, from, move) });
  return {
    ...signal,
    ...(productionData
      ? { productionData: Array.isArray(productionData) ? productionData.map(follow) : follow(productionData) }
      : {}),
    ...(referenceData ? { referenceData: movedReference(referenceData, workspaceId, from, move) } : {}),
  };
}

/** A reference of collected data moves like the production data; any other is replaced where the move says so. */
function movedReference(data: Data, workspaceId: string, from: string, move: PlannedMove): Data {
  const uri = followed(data.uri, from, move);
  if (uri !== data.uri || move.reference === null || data.inputDataType === 'Rolling') return { ...data, uri };
  const { name, version, dataType } = move.reference;
  const isId = /\/data\/[^/]+\/versions\/[^/]+$/i.test(data.uri);
  const moved = isId ? `${workspaceId}/data/${name}/versions/${version}` : `azureml:${name}:${version}`;
  return { ...data, uri: moved, jobInputType: dataType };
}

/**
 * Collected data is named after its deployment: asset `<endpoint>-<deployment>-<collection>`, folder
 * `modelDataCollector/<endpoint>/<deployment>/<collection>` ("Collect production data from models deployed for real-time
 * inferencing").
 */
function followed(uri: string, from: string, { endpoint, deployment }: PlannedMove): string {
  return uri
    .replace(`${endpoint}-${from}-`, `${endpoint}-${deployment}-`)
    .replace(`modelDataCollector/${endpoint}/${from}/`, `modelDataCollector/${endpoint}/${deployment}/`);
}
