/** Data assets of the workspace, and where their files lie. */

export interface DataLocation {
  /** The asset as `azureml:<name>:<version>`; null when the source is an address itself. */
  readonly reference: string | null;
  /** What a job takes as its input: `azureml://datastores/...` or `https://...`. */
  readonly uri: string;
  readonly kind: 'file' | 'folder';
  /** Blob, or prefix of blobs, behind the address: `https://<account>/<container>/<path>`. */
  readonly blobUrl: string;
  /** When the version was created; null when the source is an address, or Azure does not say. */
  readonly createdAtIso: string | null;
}

export type DataResolution =
  | { readonly ok: true; readonly data: DataLocation }
  /** It does not exist or cannot be read this way. */
  | { readonly ok: false; readonly reason: string };

export interface DataAssets {
  /**
   * `azureml:<name>:<version>`, `azureml:<name>@latest` (the version that was created last), an ARM id, or an
   * `azureml://datastores/<name>/paths/<path>` address. Throws when Azure cannot be reached.
   */
  resolve(source: string): Promise<DataResolution>;
}
