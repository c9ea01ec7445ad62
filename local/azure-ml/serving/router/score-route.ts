/**
 * Routes a scoring request: who may call, which deployment answers, which one gets a copy.
 *
 * 1. The header `azureml-model-deployment` goes past the weights and is never mirrored.
 * 2. A mirrored copy is neither waited for nor able to fail the live reply; it leaves its own row in the log. It is sent
 *    when the live deployment has answered: at the same moment both would compete for the few cores of one machine, and
 *    every copy would look slower than the requests that had none.
 */
import type { TrafficSink } from '../../../contracts/traffic-log.ts';
import type { BearerVerifier } from '../../../emulator/bearer.ts';
import type { Clock } from '../../../emulator/clock.ts';
import type { ScoreCall } from '../instances/score-call.ts';
import { type Answer, answerOf, refused } from './answer.ts';
import { refusalOfCaller } from './check-caller.ts';
import { chooseByWeight, chooseMirror, type RandomSource } from './choose-deployment.ts';
import type { Endpoint } from './endpoint.ts';
import { headersToModel } from './forwarded-headers.ts';
import { type Arrival, trafficEntry } from './traffic-entry.ts';

export interface RouteContext {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly verifyBearer: BearerVerifier;
  readonly traffic: TrafficSink;
  readonly log: (line: string) => void;
}

export interface ScoringRequest {
  readonly arrival: Arrival;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

export async function routeScore(context: RouteContext, endpoint: Endpoint, request: ScoringRequest): Promise<Answer> {
  const refusal = await refusalOfCaller(firstOf(request.headers.authorization), endpoint, context);
  if (refusal) return refused(401, 'Unauthorized', refusal);
  const direct = firstOf(request.headers['azureml-model-deployment']);
  const name = direct ?? chooseByWeight(endpoint.routing.traffic, context.random);
  if (name === undefined) {
    return refused(404, 'NotFound', 'No deployment of this endpoint has traffic: set its traffic first.');
  }
  const deployment = endpoint.deployments.get(name);
  if (!deployment) return refused(404, 'NotFound', `This endpoint has no deployment '${name}'.`);
  const call: ScoreCall = { headers: headersToModel(request.headers, request.arrival), body: request.body };
  const answer = answerOf(await deployment.score(call), name);
  if (direct === undefined) mirror(context, endpoint, { served: name, call, arrival: request.arrival });
  return answer;
}

function mirror(
  context: RouteContext,
  endpoint: Endpoint,
  live: { readonly served: string; readonly call: ScoreCall; readonly arrival: Arrival },
): void {
  const { clock, random, traffic, log } = context;
  const name = chooseMirror(endpoint.routing.mirrorTraffic, live.served, random);
  const shadow = name === undefined ? undefined : endpoint.deployments.get(name);
  if (name === undefined || !shadow) return;
  const arrival = arrivedAt(live.arrival, clock.nowMs());
  shadow.score(live.call).then(
    (result) => {
      const end = { atMs: clock.nowMs(), mirrored: true };
      traffic.record(trafficEntry(endpoint.identity, arrival, answerOf(result, name), end));
    },
    (error) => log(`A mirrored copy for ${name} failed inside the router: ${String(error)}`),
  );
}

/** The copy's own times: it takes as long to read as the original did, and is complete at `nowMs`. */
function arrivedAt(original: Arrival, nowMs: number): Arrival {
  return { ...original, startedAtMs: nowMs - (original.receivedAtMs - original.startedAtMs), receivedAtMs: nowMs };
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
