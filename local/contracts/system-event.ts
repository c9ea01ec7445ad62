/** What a resource emulator hands to Event Grid when something happened to it. */

/** One system event before delivery; Event Grid adds id, time and envelope. */
export interface SystemEvent {
  /** ARM id of the raising resource (the workspace): `topic` or CloudEvents `source`. */
  readonly source: string;
  /** For example `Microsoft.MachineLearningServices.ModelRegistered`. */
  readonly type: string;
  /** For example `models/flights:2`. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SystemEventSink {
  raise(event: SystemEvent): void;
}
