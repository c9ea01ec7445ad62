/** Shows the endpoint live: reads split and audit every second or two and draws them with the client's numbers. */
import { sleep, systemClock } from '../../local/emulator/clock.ts';
import { type AnswerSummary, summarize } from '../../local/traffic/answer-record.ts';
import type { RunningTraffic } from '../../local/traffic/start-traffic.ts';
import type { ArmClient } from '../azure/arm-client.ts';
import type { AuditEntry, AuditReader } from '../azure/read-audit.ts';
import { type EndpointReading, readEndpoint } from '../azure/read-endpoint.ts';
import { type PanelDeployment, type PanelState, panelLine, panelLines } from './panel.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MS = 1000;
const LINE_MS = 2000;
const RECENT_MS = 10_000;
const MAX_REASON = 300;

export interface LiveViewOptions {
  readonly arm: ArmClient;
  readonly audit: AuditReader;
  readonly traffic: RunningTraffic;
  readonly terminal: Terminal;
}

export interface LiveView {
  /** What the view follows from now on. */
  follow(story: string, version: string): void;
  /** Looks now, so that nothing of what has just ended is left out. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** A reading that fails is left out; the next one comes soon. */
export function startLiveView({ arm, audit, traffic, terminal }: LiveViewOptions): LiveView {
  const startedAtMs = Date.now();
  const announce = createAnnouncer(terminal);
  const stopping = new AbortController();
  let followed: { readonly story: string; readonly version: string } | undefined;
  const look = async () => {
    if (!followed) return;
    const { story, version } = followed;
    const [endpoint, trail] = await Promise.all([readEndpoint(arm), audit(version)]);
    announce(version, trail);
    const recent = traffic.stats(Date.now() - RECENT_MS);
    const state: PanelState = {
      elapsedMs: Date.now() - startedAtMs,
      story,
      phase: trail.at(-1)?.phase ?? 'registered',
      reason: trail.at(-1)?.reason ?? 'waiting for the first audit record',
      deployments: deploymentsOf(endpoint, recent.byDeployment),
      all: recent.all,
      openRequests: recent.open,
    };
    terminal.draw(terminal.redraws ? panelLines(state, terminal.width) : [panelLine(state)]);
  };
  const refresh = () => look().catch(() => undefined);
  const loop = repeat(refresh, terminal.redraws ? REDRAW_MS : LINE_MS, stopping.signal);
  return {
    follow: (story, version) => {
      followed = { story, version };
    },
    refresh,
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

function deploymentsOf(
  { deployments, traffic, mirror }: EndpointReading,
  recent: Readonly<Record<string, AnswerSummary>>,
): readonly PanelDeployment[] {
  return deployments.map(({ name, modelVersion }) => ({
    name,
    modelVersion,
    livePercent: traffic[name] ?? 0,
    mirrorPercent: mirror[name] ?? 0,
    recent: recent[name] ?? summarize([]),
  }));
}

/** Says each audit record once, as a line that stays. */
function createAnnouncer(terminal: Terminal): (version: string, trail: readonly AuditEntry[]) => void {
  const said = new Map<string, number>();
  return (version, trail) => {
    for (const { atIso, phase, kind, reason } of trail.slice(said.get(version) ?? 0)) {
      const what = kind === 'phase-changed' ? phase : `${phase} (${kind})`;
      terminal.say(`  ${atIso.slice(11, 19)}  version ${version}  ${what}: ${reason.slice(0, MAX_REASON)}`);
    }
    said.set(version, trail.length);
  };
}

async function repeat(look: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(systemClock, everyMs, signal).catch(() => undefined);
  }
}
