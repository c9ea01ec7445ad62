/** Direct scoring in memory: answers what the test ordered and remembers what it was asked. */
import type { DeploymentName, EndpointName } from '../../../src/domain/ids/names.ts';
import type { Scoring, ScoringReply } from '../../../src/ports/scoring.ts';

export interface ScoringCall {
  readonly endpoint: string;
  readonly deployment: string;
  readonly body: unknown;
  readonly timeoutMs: number;
}

export class ScriptedScoring implements Scoring {
  readonly calls: ScoringCall[] = [];
  answer: (call: ScoringCall) => Partial<ScoringReply> = () => ({});

  async score(
    endpoint: EndpointName,
    deployment: DeploymentName,
    body: unknown,
    timeoutMs: number,
  ): Promise<ScoringReply> {
    const call = { endpoint, deployment, body, timeoutMs };
    this.calls.push(call);
    return { status: 200, body: null, durationMs: 1, ...this.answer(call) };
  }
}
