/** Draws what happens now as text: a panel of lines for a terminal, one line for a log. */
import type { AnswerSummary } from '../../local/traffic/answer-record.ts';

export interface PanelDeployment {
  readonly name: string;
  readonly modelVersion: string;
  readonly livePercent: number;
  readonly mirrorPercent: number;
  /** Of the last seconds. */
  readonly recent: AnswerSummary;
}

export interface PanelState {
  readonly elapsedMs: number;
  readonly story: string;
  readonly phase: string;
  readonly reason: string;
  readonly deployments: readonly PanelDeployment[];
  /** Everything that the client sent in the last seconds, also what no deployment answered. */
  readonly all: AnswerSummary;
  readonly openRequests: number;
}

const BAR_WIDTH = 20;
const RECENT_SECONDS = 10;

export function panelLines(state: PanelState, width: number): readonly string[] {
  const head = `${clock(state.elapsedMs)}  ${state.story}`;
  const columns = `${'deployment'.padEnd(32)}version  ${'live traffic'.padEnd(BAR_WIDTH + 6)}requests  errors  p95 ms  MAE min`;
  const rows = state.deployments.map(deploymentLine);
  const { all, openRequests } = state;
  const foot = `client, last ${RECENT_SECONDS} s: ${all.requests} requests, ${all.errors} failed, ${openRequests} open (copies for a mirror are not among them)`;
  return [head, columns, ...rows, `${state.phase}: ${state.reason}`, foot].map((line) => cut(line, width));
}

export function panelLine(state: PanelState): string {
  const parts = state.deployments.map(({ modelVersion, livePercent, mirrorPercent, recent }) => {
    const mirror = mirrorPercent > 0 ? `, mirror ${mirrorPercent} %` : '';
    return `v${modelVersion} ${livePercent} %${mirror} (${recent.requests} req, ${recent.errors} err, p95 ${milliseconds(recent.p95Ms)} ms)`;
  });
  return `${clock(state.elapsedMs)}  ${parts.join('  ')}  ${state.all.errors} failed in all  ${state.phase}`;
}

function deploymentLine({ name, modelVersion, livePercent, mirrorPercent, recent }: PanelDeployment): string {
  const bar = '█'.repeat(Math.round((livePercent / 100) * BAR_WIDTH)).padEnd(BAR_WIDTH, '·');
  const share =
    mirrorPercent > 0 ? `copy${String(mirrorPercent).padStart(3)}%` : `${String(livePercent).padStart(3)} %  `;
  const numbers = [
    String(recent.requests).padStart(7),
    String(recent.errors).padStart(8),
    milliseconds(recent.p95Ms).padStart(8),
    (recent.meanAbsoluteError?.toFixed(1) ?? '-').padStart(9),
  ].join('');
  return `${name.padEnd(32)}${modelVersion.padEnd(9)}${bar} ${share}${numbers}`;
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : value.toFixed(0);
}

function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
