/** Rows of data sets and of collected model data, read as streams that keep nothing. */
import type { DeploymentName, EndpointName } from '../domain/ids/names.ts';

export type DataRow = Readonly<Record<string, unknown>>;

export interface CollectedWindow {
  readonly endpoint: EndpointName;
  readonly deployment: DeploymentName;
  /** Name of the collection, for example `model_inputs`. */
  readonly collection: string;
  readonly fromMs: number;
  /** Not included. */
  readonly untilMs: number;
}

/** One row of a request that the data collector kept; a request has as many as were scored at once. */
export interface CollectedRow {
  /** When the request was answered; the collector counts whole seconds. */
  readonly atMs: number;
  /** The same in every collection of one request. */
  readonly correlationId: string | null;
  readonly row: DataRow;
}

/** Folder `<url>/yyyy/MM/dd/HH/`, by the hour in which files were written. */
export interface ArrivalWindow {
  readonly fromMs: number;
  /** Not included. */
  readonly untilMs: number;
}

/** Reading throws when storage cannot be reached. Beyond the adapter's bounds rows are left out, which `onCut` hears. */
export interface DataRows {
  /** Rows of JSON lines or CSV at an address that `DataAssets` resolved; unreadable ones are passed over. */
  readDataset(blobUrl: string, kind: 'file' | 'folder', onCut: () => void): AsyncIterable<DataRow>;
  /** Every line of one file of JSON lines that is not empty, in order; null for one that is no object. No file, no lines. */
  readLines(blobUrl: string, onCut: () => void): AsyncIterable<DataRow | null>;
  /** What Azure ML's data collector wrote below `blobUrl`, the folder of all collections, within the window. */
  readCollected(blobUrl: string, window: CollectedWindow, onCut: () => void): AsyncIterable<CollectedRow>;
  /** Rows of the files that arrived in the hours of the window; some of them may have come shortly before or after it. */
  readArrived(folderUrl: string, window: ArrivalWindow, onCut: () => void): AsyncIterable<DataRow>;
}
