/** One run of a monitor, from its firing to its end, as it is kept and shown. */
import type { MetricResult } from './evaluate-signal.ts';

export interface SignalReport {
  readonly signal: string;
  readonly state: 'Completed' | 'Failed';
  readonly referenceRows: number;
  readonly productionRows: number;
  readonly results: readonly MetricResult[];
  /** Text of the tag; absent when nothing is breached. */
  readonly breach?: string;
  /** Why the signal could not be computed. */
  readonly error?: string;
}

export interface MonitorRun {
  readonly name: string;
  readonly schedule: string;
  readonly firedAtMs: number;
  readonly state: 'Running' | 'Completed' | 'Failed';
  readonly signals: readonly SignalReport[];
  /** Why the run failed as a whole. */
  readonly error?: string;
}
