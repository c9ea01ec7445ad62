/** The seam between the app worker (loads the app, runs one function) and everything that triggers functions. */

/** Value as it crosses between host and worker; exactly one member is set, none means undefined. */
export interface RpcTypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: unknown;
  readonly collectionString?: { readonly string: readonly string[] };
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] };
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly [property: string]: unknown;
}

/** A registered function; the keys of `bindings` are the names to use in requests. */
export interface FunctionDefinition {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: Readonly<Record<string, unknown>>;
}

export interface InvocationRequest {
  readonly functionName: string;
  /** Value of the trigger binding; the other `in` bindings (durableClient) are filled by the worker's input providers. */
  readonly trigger: RpcTypedData;
  readonly triggerMetadata?: Readonly<Record<string, RpcTypedData>>;
  readonly retryContext?: Readonly<Record<string, unknown>>;
}

export type InvocationOutcome =
  | {
      readonly ok: true;
      readonly returnValue?: RpcTypedData | undefined;
      /** Values of the `out` bindings other than `$return`, by binding key. */
      readonly outputs: Readonly<Record<string, RpcTypedData>>;
    }
  | { readonly ok: false; readonly message: string; readonly stack: string };

/** Runs one function of the loaded app. Rejects only on a host defect; a failing function is an outcome. */
export interface FunctionInvoker {
  functions(): readonly FunctionDefinition[];
  invoke(request: InvocationRequest): Promise<InvocationOutcome>;
}
