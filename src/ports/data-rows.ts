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

/** Reading throws when storage cannot be reached. Beyond the adapter's bounds rows are left out, which `onCut` hears. */
export interface DataRows {
  /** Rows of JSON lines or CSV at an address that `DataAssets` resolved; unreadable ones are passed over. */
  readDataset(blobUrl: string, kind: 'file' | 'folder', onCut: () => void): AsyncIterable<DataRow>;
  /** Every line of one file of JSON lines that is not empty, in order; null for one that is no object. No file, no lines. */
  readLines(blobUrl: string, onCut: () => void): AsyncIterable<DataRow | null>;
  /** What Azure ML's data collector wrote below `blobUrl`, the folder of all collections, within the window. */
  readCollected(blobUrl: string, window: CollectedWindow, onCut: () => void): AsyncIterable<DataRow>;
}
