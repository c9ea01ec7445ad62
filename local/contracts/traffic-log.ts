/** What the scoring router reports of each request it answered; the monitor turns it into log rows and metrics. */

/** One request that reached a deployment (or was refused for it). Column meanings: AmlOnlineEndpointTrafficLog. */
export interface TrafficLogEntry {
  /** ARM id of the endpoint, as created. */
  readonly endpointResourceId: string;
  readonly endpointName: string;
  /** Empty when no deployment was chosen (401, 404). */
  readonly deploymentName: string;
  readonly location: string;
  readonly workspaceName: string;
  readonly workspaceId: string;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  /** `Key`, `AMLToken` or `AADToken`. */
  readonly authType: string;
  /** When the request's first byte arrived, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly requestDurationMs: number;
  readonly responseDurationMs: number;
  readonly totalDurationMs: number;
  readonly requestPayloadBytes: number;
  readonly responsePayloadBytes: number;
  readonly responseCode: number;
  readonly responseCodeReason: string;
  /** Status and reason of the model container; 0 and '' when it was not reached. */
  readonly modelStatusCode: number;
  readonly modelStatusReason: string;
  readonly userAgent: string;
  readonly xRequestId: string;
  readonly xmsClientRequestId: string;
  /** True for the copy that a shadow deployment received. */
  readonly mirrored: boolean;
}

export interface TrafficSink {
  record(entry: TrafficLogEntry): void;
}
