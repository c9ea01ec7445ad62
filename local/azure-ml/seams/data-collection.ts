/** What one deployment collects, as its sidecars need it: each collection with its place in blob storage. */

export const ROLLING_RATES = ['Minute', 'Hour', 'Day', 'Month', 'Year'] as const;
/** How finely the collected files are divided by time. */
export type RollingRate = (typeof ROLLING_RATES)[number];

export interface Collection {
  readonly name: string;
  /** Share of the calls of `collect` that is kept, 0 to 1. */
  readonly samplingRate: number;
  readonly container: string;
  /** Folder of the collection, without a slash at either end. */
  readonly blobPath: string;
}

export interface DataCollection {
  /** ARM id of the deployment: `source` of the collected events. */
  readonly source: string;
  readonly rollingRate: RollingRate;
  /** Only what is collected; never empty. */
  readonly collections: readonly Collection[];
}
