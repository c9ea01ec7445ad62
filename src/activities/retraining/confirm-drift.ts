/** Compares what the champion was really asked with the reference, before a drift event costs anything. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import { compareDatasets } from '../../domain/drift/compare-datasets.ts';
import { collectDataset, type DatasetSummary, type FeatureKinds } from '../../domain/drift/dataset-summary.ts';
import type { DriftReport } from '../../domain/drift/drift-report.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { DataRow, DataRows } from '../../ports/data-rows.ts';
import type { EvidenceStore } from '../../ports/records.ts';
import { COLLECTED, rowsOfRequests } from '../collected-data.ts';

export interface ConfirmPorts {
  readonly assets: DataAssets;
  readonly rows: DataRows;
  readonly evidence: EvidenceStore;
}

const COLLECTION = 'model_inputs';
const MAX_NAMED = 5;
const CUT = 'There was more data than is read; the rest was left out. ';
const MAX_SENTENCE = 700;

export function createConfirmDrift({ assets, rows, evidence }: ConfirmPorts): ActivityHandler<'confirmDrift'> {
  return async ({ retrainingId, endpoint, champion, policy, nowMs }) => {
    // A retrained champion has drifted from what it was trained on, not from what the first version saw.
    const source = champion.trainedOn ?? policy.reference;
    const [reference, collected] = await Promise.all([assets.resolve(source), assets.resolve(COLLECTED)]);
    if (!reference.ok) return noData(`The reference cannot be read: ${reference.reason}`);
    if (!collected.ok) return noData(`The collected data cannot be read: ${collected.reason}`);
    const window = {
      endpoint,
      deployment: champion.deployment,
      collection: COLLECTION,
      fromMs: nowMs - policy.windowSeconds * 1000,
      untilMs: nowMs,
    };
    let isCut = false;
    const onCut = () => {
      isCut = true;
    };
    const { blobUrl, kind } = reference.data;
    const before = await summarise(rows.readDataset(blobUrl, kind, onCut), policy.features);
    const now = await summarise(
      rowsOfRequests(rows.readCollected(collected.data.blobUrl, window, onCut)),
      policy.features,
    );
    const report = compareDatasets(before, now);
    const name = `${retrainingId}/drift.json`;
    await evidence.put(name, { reference: reference.data.reference ?? reference.data.uri, window, isCut, report });
    return answerOf(report, name, isCut);
  };
}

function answerOf(report: DriftReport, evidence: string, isCut: boolean) {
  const moved = report.features.filter(({ verdict }) => verdict === 'drifted').slice(0, MAX_NAMED);
  const first = moved[0] === undefined ? '' : ` ${moved[0].sentence}`;
  return {
    verdict: report.verdict,
    sentence: `${isCut ? CUT : ''}${report.sentence}${first}`.slice(0, MAX_SENTENCE),
    features: moved.map(({ feature }) => feature.slice(0, 100)),
    evidence,
  };
}

function noData(sentence: string) {
  return { verdict: 'no-data' as const, sentence: sentence.slice(0, MAX_SENTENCE), features: [], evidence: null };
}

async function summarise(rows: AsyncIterable<DataRow>, kinds: FeatureKinds): Promise<DatasetSummary> {
  const collector = collectDataset(kinds);
  for await (const row of rows) collector.add(withNumbers(row, kinds));
  return collector.summary();
}

/** CSV holds numbers as text, and nothing as empty text. */
function withNumbers(row: DataRow, kinds: FeatureKinds): DataRow {
  const entries = Object.entries(kinds).map(([feature, kind]) => {
    const value = Object.hasOwn(row, feature) ? row[feature] : null;
    if (typeof value !== 'string') return [feature, value] as const;
    if (value.trim() === '') return [feature, null] as const;
    const number = kind === 'numerical' ? Number(value) : Number.NaN;
    return [feature, Number.isNaN(number) ? value : number] as const;
  });
  return Object.fromEntries(entries);
}
