/** Where the host and the app write what happens; the caller decides what is shown. */

export type HostLogLevel = 'debug' | 'information' | 'warning' | 'error';
export type HostLog = (level: HostLogLevel, message: string) => void;

const RANK: Readonly<Record<HostLogLevel, number>> = { debug: 0, information: 1, warning: 2, error: 3 };

/** Drops messages below `minimum`; undefined drops nothing, `none` everything. */
export function atLeast(minimum: HostLogLevel | 'none' | undefined, log: HostLog): HostLog {
  if (minimum === undefined) return log;
  return (level, message) => {
    if (minimum !== 'none' && RANK[level] >= RANK[minimum]) log(level, message);
  };
}

/** Passes on messages of `minimum` and above, one line each, with the time in UTC. */
export function createLineLog(minimum: HostLogLevel, nowMs: () => number, write: (line: string) => void): HostLog {
  return atLeast(minimum, (level, message) => {
    const mark = level === 'information' ? '' : `${level.toUpperCase()} `;
    write(`[${new Date(nowMs()).toISOString()}] ${mark}${message}\n`);
  });
}
