/** JSON text of an orchestrator invocation, as the extension builds it (`durable-functions` 3.5.0 binding info). */
import { EVENT_TYPE_NUMBERS, type HistoryEvent } from '../engine/history-event.ts';
import type { ReplayLimits } from '../engine/replay-context.ts';

/** Old and new field of the replay schema: V2 for SDKs that know the old field only, else V4. */
const UPPER_SCHEMA_VERSION = 1;
const UPPER_SCHEMA_VERSION_NEW = 3;

export interface PayloadRequest {
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  readonly history: readonly HistoryEvent[];
  /** Events before this position were processed in an earlier turn. */
  readonly playedLength: number;
  readonly input: string | null;
  readonly limits: ReplayLimits;
}

export function orchestratorPayload(request: PayloadRequest): string {
  const { limits, playedLength } = request;
  const head = JSON.stringify({
    instanceId: request.instanceId,
    parentInstanceId: request.parentInstanceId,
    isReplaying: playedLength > 0,
    upperSchemaVersion: UPPER_SCHEMA_VERSION,
    upperSchemaVersionNew: UPPER_SCHEMA_VERSION_NEW,
    longRunningTimerIntervalDuration: timeSpan(limits.longTimerIntervalMs),
    maximumShortTimerDuration: timeSpan(limits.maximumShortTimerMs),
    defaultHttpAsyncRequestSleepTimeMillseconds: limits.defaultHttpSleepMs,
  });
  const history = request.history.map((event, index) => eventText(event, index < playedLength)).join(',');
  return `${head.slice(0, -1)},"input":${request.input ?? 'null'},"history":[${history}]}`;
}

const playedTexts = new WeakMap<HistoryEvent, string>();

/** Played events never change, so their text is made once and not again in every turn. */
function eventText(event: HistoryEvent, isPlayed: boolean): string {
  const known = isPlayed ? playedTexts.get(event) : undefined;
  if (known !== undefined) return known;
  const fields = { ...withoutNulls(event), EventType: EVENT_TYPE_NUMBERS[event.EventType], IsPlayed: isPlayed };
  const text = JSON.stringify(fields);
  if (isPlayed) playedTexts.set(event, text);
  return text;
}

/** The SDK reads an absent field as it reads null, except `Result`, which it insists on. */
function withoutNulls(event: HistoryEvent): Record<string, unknown> {
  const kept = Object.entries(event).filter(([name, value]) => value !== null || name === 'Result');
  return Object.fromEntries(kept);
}

/** .NET TimeSpan text: `d.hh:mm:ss`. */
function timeSpan(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 86_400)}.${clock}`;
}
