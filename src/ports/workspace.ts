/** The Azure ML workspace itself. */

export interface WorkspaceView {
  /** `azureml://` address of the tracking server, or null when the workspace names none. */
  readonly trackingUri: string | null;
  /** True in workspaces that refuse the v2 API. */
  readonly isV1Legacy: boolean;
}

export interface Workspace {
  /** Null when it does not exist. Throws when Azure cannot be reached. */
  read(): Promise<WorkspaceView | null>;
}
