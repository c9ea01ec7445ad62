/** Direct requests to one deployment of an endpoint, past the traffic split. */
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';

export interface ScoringReply {
  readonly status: number;
  /** Parsed JSON, or the text where it is not JSON; at most 1 MiB is read. */
  readonly body: unknown;
  readonly durationMs: number;
}

/** The request may not or cannot be made, however often it is tried; the message says why. */
export class ScoringRefused extends Error {
  override readonly name = 'ScoringRefused';
}

export interface Scoring {
  /**
   * Sends one request with the endpoint's key and the header that names the deployment.
   * Throws ScoringRefused when the scoring host is not on the allow-list or no key can be had (permanent), another error
   * when it cannot be reached (transient). No answer within `timeoutMs` is a reply of status 408.
   */
  score(endpoint: EndpointName, deployment: DeploymentName, body: unknown, timeoutMs: number): Promise<ScoringReply>;
}
