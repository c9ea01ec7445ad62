/** Collected answers and their outcomes in memory; either can be made to fail. */
import type { AnswerPorts } from '../../../src/activities/judge/read-answers.ts';
import type { DataAssets } from '../../../src/ports/data-assets.ts';
import type { ArrivalWindow, CollectedRow, CollectedWindow, DataRow, DataRows } from '../../../src/ports/data-rows.ts';

export class InMemoryAnswers implements AnswerPorts {
  readonly answered: (CollectedRow & { readonly deployment: string; readonly collection: string })[] = [];
  readonly outcomes: DataRow[] = [];
  readonly collectedWindows: CollectedWindow[] = [];
  readonly arrivals: (ArrivalWindow & { readonly folderUrl: string })[] = [];
  failure: Error | null = null;
  /** What the rows cut short. */
  isCut = false;

  readonly assets: DataAssets = {
    resolve: async (source) => {
      const blobUrl = source.replace('azureml://datastores/workspaceblobstore/paths/', 'https://blobs/');
      return { ok: true, data: { reference: null, uri: source, kind: 'folder', createdAtIso: null, blobUrl } };
    },
  };

  readonly rows: DataRows = {
    readDataset: nothing,
    readLines: nothing,
    readCollected: (_url, window, onCut) => this.#collected(window, onCut),
    readArrived: (folderUrl, window) => this.#arrived(folderUrl, window),
  };

  async *#collected(window: CollectedWindow, onCut: () => void): AsyncIterable<CollectedRow> {
    this.collectedWindows.push(window);
    if (this.failure) throw this.failure;
    if (this.isCut) onCut();
    const { deployment, collection, fromMs, untilMs } = window;
    for (const answer of this.answered) {
      const isOfArm = answer.deployment === deployment && answer.collection === collection;
      if (isOfArm && answer.atMs >= fromMs && answer.atMs < untilMs) yield answer;
    }
  }

  async *#arrived(folderUrl: string, window: ArrivalWindow): AsyncIterable<DataRow> {
    this.arrivals.push({ folderUrl, ...window });
    if (this.failure) throw this.failure;
    yield* this.outcomes;
  }
}

async function* nothing(): AsyncIterable<never> {
  yield* [];
}
