/** Model monitors in memory: remembers what they were told to watch, and fails as told. */
import type { ModelMonitors, MonitorMove, MonitorMoveOutcome } from '../../../src/ports/model-monitor.ts';

export class ScriptedMonitors implements ModelMonitors {
  readonly moves: MonitorMove[] = [];
  /** Answers given before the move is taken, first one first. */
  readonly script: (MonitorMoveOutcome | Error)[] = [];
  watching: MonitorMove | null = null;

  async moveMonitor(move: MonitorMove): Promise<MonitorMoveOutcome> {
    this.moves.push(move);
    const scripted = this.script.shift();
    if (scripted instanceof Error) throw scripted;
    if (scripted) return scripted;
    if (JSON.stringify(this.watching) === JSON.stringify(move)) return { kind: 'in-place' };
    this.watching = move;
    return { kind: 'submitted' };
  }
}
