/** Schedules of the workspace, in memory; names compare without case. */
import type { SystemData } from '../../arm/protocol/system-data.ts';
import type { ScheduleProperties } from './schedule-schema.ts';

export interface Schedule {
  readonly name: string;
  /** When it was first put: the start of triggers that name none. */
  readonly createdAtMs: number;
  properties: ScheduleProperties;
  /** As the client wrote it. */
  written: Readonly<Record<string, unknown>>;
  state: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  /** True while an operation runs on it. */
  isBusy: boolean;
  /** False until its first PUT has succeeded: then it fires. */
  isActive: boolean;
  systemData: SystemData;
}

export class ScheduleStore {
  readonly #byName = new Map<string, Schedule>();

  /** In order of creation. */
  list(): readonly Schedule[] {
    return [...this.#byName.values()];
  }

  find(name: string): Schedule | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  add(schedule: Schedule): void {
    this.#byName.set(schedule.name.toLowerCase(), schedule);
  }

  remove(schedule: Schedule): void {
    this.#byName.delete(schedule.name.toLowerCase());
  }
}
