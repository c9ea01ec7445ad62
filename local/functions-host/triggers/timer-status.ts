/** Remembers when a monitored timer ran, so that a start can tell whether a run was missed. */

export interface TimerStatus {
  /** Undefined before the first run. */
  readonly lastMs: number | undefined;
  readonly nextMs: number;
  readonly updatedMs: number;
}

export interface TimerStatusStore {
  read(functionName: string): Promise<TimerStatus | undefined>;
  write(functionName: string, status: TimerStatus): Promise<unknown>;
}

/** Forgets everything when the process ends: no run is past due after a restart. */
export function createMemoryTimerStatus(): TimerStatusStore {
  const byFunction = new Map<string, TimerStatus>();
  return {
    read: async (functionName) => byFunction.get(functionName),
    write: async (functionName, status) => {
      byFunction.set(functionName, status);
    },
  };
}
