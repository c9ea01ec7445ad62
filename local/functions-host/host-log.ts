/** Where the host and the app write what happens; the caller decides what is shown. */

export type HostLogLevel = 'debug' | 'information' | 'warning' | 'error';
export type HostLog = (level: HostLogLevel, message: string) => void;

const RANK: Readonly<Record<HostLogLevel, number>> = { debug: 0, information: 1, warning: 2, error: 3 };

/** Passes on messages of `minimum` and above, one line each, with the time in UTC. */
export function createLineLog(minimum: HostLogLevel, nowMs: () => number, write: (line: string) => void): HostLog {
  return (level, message) => {
    if (RANK[level] < RANK[minimum]) return;
    const mark = level === 'information' ? '' : `${level.toUpperCase()} `;
    write(`[${new Date(nowMs()).toISOString()}] ${mark}${message}\n`);
  };
}
