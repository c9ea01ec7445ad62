/**
 * Reads the events that matter for retraining: drift in both documented forms, jobs that ended, new blobs.
 * Sources: "Azure Machine Learning as an Event Grid source"; "Monitor the performance of models deployed to production"
 * (model monitoring events); azureml-assets, model monitoring components (text of the tag); "Azure Blob Storage as an
 * Event Grid source".
 */
import { z } from 'zod';
import { type EventEnvelope, lowerCaseData } from './event-envelope.ts';
import { type Parsed, problemsOf } from './parsed.ts';

export const RUN_STATUS_CHANGED = 'Microsoft.MachineLearningServices.RunStatusChanged';
export const RUN_COMPLETED = 'Microsoft.MachineLearningServices.RunCompleted';
export const DATASET_DRIFT = 'Microsoft.MachineLearningServices.DatasetDriftDetected';
export const BLOB_CREATED = 'Microsoft.Storage.BlobCreated';

/** The tag decides, whatever the run's status says: the step that sets it ends normally. */
const BREACH_TAG = 'azureml_modelmonitor_threshold_breached';
const BREACHED = /^\s*The signal '([^']{1,300})' has failed due to one or more features violating metric thresholds/;
const MAX_FEATURES = 50;

export interface DriftEvent {
  /** Name of the signal, `<monitor>_<signal>`, or of the data drift monitor of v1. */
  readonly signal: string;
  readonly runId: string;
  /** Features as the event tells them; empty where it tells none. */
  readonly features: readonly string[];
}

export interface RunEvent {
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Null in RunCompleted. */
  readonly status: string | null;
}

const runSchema = z.looseObject({
  runid: z.string().min(1).max(300),
  runtags: z.record(z.string(), z.unknown()).nullish(),
  runstatus: z.string().max(100).nullish(),
});
const datasetSchema = z.looseObject({ datadriftname: z.string().min(1).max(300), runid: z.string().min(1).max(300) });
const breachSchema = z.looseObject({ group: z.string().max(300) });

/** Null when the run is no breach of a monitor: an event like any other. */
export function parseDrift(envelope: EventEnvelope): Parsed<DriftEvent | null> {
  if (envelope.type === DATASET_DRIFT) {
    const parsed = datasetSchema.safeParse(lowerCaseData(envelope));
    if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, 'data') };
    return { ok: true, value: { signal: parsed.data.datadriftname, runId: parsed.data.runid, features: [] } };
  }
  const run = parseRun(envelope);
  if (!run.ok) return run;
  const tag = Object.entries(run.value.tags).find(([name]) => name.toLowerCase() === BREACH_TAG)?.[1];
  const signal = BREACHED.exec(tag ?? '')?.[1];
  if (tag === undefined || signal === undefined) return { ok: true, value: null };
  return { ok: true, value: { signal, runId: run.value.runId, features: featuresIn(tag) } };
}

export function parseRun(envelope: EventEnvelope): Parsed<RunEvent> {
  const parsed = runSchema.safeParse(lowerCaseData(envelope));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, 'data') };
  const { runid, runtags, runstatus } = parsed.data;
  const tags = Object.entries(runtags ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return { ok: true, value: { runId: runid, tags: Object.fromEntries(tags), status: runstatus ?? null } };
}

/** Container and name of the blob, from the subject. */
export function parseNewBlob(envelope: EventEnvelope): Parsed<{ readonly container: string; readonly name: string }> {
  const match = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/.exec(envelope.subject);
  if (match) return { ok: true, value: { container: match[1] ?? '', name: match[2] ?? '' } };
  return { ok: false, problems: [`subject: "${envelope.subject.slice(0, 200)}" names no blob`] };
}

/** The tag ends with a list of texts, each of them JSON about one breached metric. */
function featuresIn(tag: string): readonly string[] {
  const found = [...tag.matchAll(/\{[^{}]{1,1000}\}/g)].flatMap(([text]) => {
    try {
      const parsed = breachSchema.safeParse(JSON.parse(text));
      return parsed.success ? [parsed.data.group] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(found)].slice(0, MAX_FEATURES);
}
