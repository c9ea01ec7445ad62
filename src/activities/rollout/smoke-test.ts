/** Sends the policy's requests straight to green and compares the replies with the expected shapes. */
import type { ActivityHandler } from '../../contracts/activities.ts';
import type { DeploymentName, EndpointName } from '../../domain/ids/names.ts';
import type { SmokeTestPolicy } from '../../domain/policy/policy.ts';
import { shapeProblems } from '../../domain/policy/reply-shape.ts';
import { type Scoring, ScoringRefused } from '../../ports/scoring.ts';

const MAX_FAILURES = 5;
const MAX_FAILURE_CHARACTERS = 250;
/** The platform's own time-out answers 408 first, which says more than a cut connection. */
const GRACE_MS = 2000;
/** The platform is overloaded or away: that says nothing about green. */
const TRANSIENT = new Set([429, 502, 503, 504]);

type SmokeRequest = SmokeTestPolicy['requests'][number];

export function createSmokeTest(scoring: Scoring): ActivityHandler<'smokeTest'> {
  return async ({ endpoint, deployment, smokeTest, timeoutMs }) => {
    const failures: string[] = [];
    for (const request of smokeTest.requests) {
      failures.push(...(await failuresOf(scoring, endpoint, deployment, request, timeoutMs + GRACE_MS)));
    }
    const shown = failures.slice(0, MAX_FAILURES).map((text) => text.slice(0, MAX_FAILURE_CHARACTERS));
    return { passed: failures.length === 0, requests: smokeTest.requests.length, failures: shown };
  };
}

async function failuresOf(
  scoring: Scoring,
  endpoint: EndpointName,
  deployment: DeploymentName,
  { name, body, expect }: SmokeRequest,
  timeoutMs: number,
): Promise<readonly string[]> {
  try {
    const reply = await scoring.score(endpoint, deployment, body, timeoutMs);
    if (TRANSIENT.has(reply.status)) throw new Error(`${deployment} could not be asked: HTTP ${reply.status}.`);
    if (reply.status !== 200) return [`${name}: HTTP ${reply.status} instead of 200`];
    return shapeProblems(reply.body, expect).map((problem) => `${name}: ${problem}`);
  } catch (error) {
    if (error instanceof ScoringRefused) return [`${name}: ${error.message}`];
    throw error;
  }
}
