/** What goes into a deployment to be scored and what comes out. */

export interface ScoreCall {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

export type ScoreResult =
  /** The model server answered, with whatever status. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly reason: string;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: Uint8Array;
      readonly firstByteAtMs: number;
    }
  /** Ran, or waited for a free instance, longer than the deployment's request time-out. */
  | { readonly kind: 'timed-out' }
  /** More than twice what the instances take were already running or waiting. */
  | { readonly kind: 'too-many-pending' }
  /** The chosen instance does not run at the moment. */
  | { readonly kind: 'not-running' }
  /** The connection broke while the instance worked on the request. */
  | { readonly kind: 'broken' };
