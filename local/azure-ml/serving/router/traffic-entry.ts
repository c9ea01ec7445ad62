/** Turns one answered request into its row of the traffic log. */
import type { TrafficLogEntry } from '../../../contracts/traffic-log.ts';
import type { EndpointIdentity } from '../../seams/serving-plane.ts';
import type { Answer } from './answer.ts';
import type { TraceIds } from './forwarded-headers.ts';

/** What is known of a request before it is answered. Times are epoch milliseconds. */
export interface Arrival extends TraceIds {
  readonly startedAtMs: number;
  /** When its last byte was read. */
  readonly receivedAtMs: number;
  readonly method: string;
  readonly protocol: string;
  readonly userAgent: string;
  readonly payloadBytes: number;
}

/** Column documentation: AmlOnlineEndpointTrafficLog cuts the user agent. */
const MAX_USER_AGENT_CHARACTERS = 70;

export function trafficEntry(
  identity: EndpointIdentity,
  arrival: Arrival,
  answer: Answer,
  end: { readonly atMs: number; readonly mirrored: boolean },
): TrafficLogEntry {
  return {
    endpointResourceId: identity.resourceId,
    endpointName: identity.endpointName,
    deploymentName: answer.deploymentName,
    location: identity.location,
    workspaceName: identity.workspaceName,
    workspaceId: identity.workspaceId,
    method: arrival.method,
    path: '/score',
    protocol: arrival.protocol,
    authType: identity.authMode,
    startedAtMs: arrival.startedAtMs,
    requestDurationMs: arrival.receivedAtMs - arrival.startedAtMs,
    responseDurationMs: (answer.firstByteAtMs ?? end.atMs) - arrival.startedAtMs,
    totalDurationMs: end.atMs - arrival.startedAtMs,
    requestPayloadBytes: arrival.payloadBytes,
    responsePayloadBytes: answer.body.byteLength,
    responseCode: answer.status,
    responseCodeReason: answer.reason,
    modelStatusCode: answer.modelStatusCode,
    modelStatusReason: answer.modelStatusReason,
    userAgent: arrival.userAgent.slice(0, MAX_USER_AGENT_CHARACTERS),
    xRequestId: arrival.xRequestId,
    xmsClientRequestId: arrival.xmsClientRequestId,
    mirrored: end.mirrored,
  };
}
