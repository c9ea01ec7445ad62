/** What the demo's clients send: rows of a file, as they are or changed by what happens in a story. */
import { type ReplayRow, readReplayRows } from '../../local/traffic/replay-rows.ts';
import type { RunningTraffic } from '../../local/traffic/start-traffic.ts';

export interface Clients {
  /** The rows of `<name>.jsonl` from now on; nothing changes when they are sent already. */
  send(name: string): Promise<void>;
  /** The same rows as now, each through `change`; `what` says it in one sentence. */
  change(what: string, change: (row: ReplayRow, index: number) => ReplayRow): Promise<void>;
}

export interface ClientsOptions {
  readonly traffic: Pick<RunningTraffic, 'replay'>;
  readonly pathOf: (name: string) => string;
  /** What the clients send already. */
  readonly first: string;
  readonly say: (text: string) => void;
}

export function createClients({ traffic, pathOf, first, say }: ClientsOptions): Clients {
  let sent = { name: first, isChanged: false };
  return {
    async send(name) {
      if (sent.name === name && !sent.isChanged) return;
      traffic.replay(await readReplayRows(pathOf(name)));
      sent = { name, isChanged: false };
      say(`Clients now send ${name}.jsonl`);
    },
    async change(what, change) {
      const rows = await readReplayRows(pathOf(sent.name));
      traffic.replay(rows.map(change));
      sent = { ...sent, isChanged: true };
      say(what);
    },
  };
}
