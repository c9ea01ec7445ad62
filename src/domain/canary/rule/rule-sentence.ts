/** Says in one sentence what the evidence is, so that a person can check it. */
import type { CombinedEvidence } from './combined-evidence.ts';
import type { LeadingAlternative } from './leading-alternative.ts';
import type { RuleOptions } from './rule-options.ts';
import type { RuleState } from './rule-state.ts';

/** "10 % of requests about 4 times as slow, and 1 percentage point more errors than tolerated". */
export function alternativeSentence({ errors, latency, outcomes }: LeadingAlternative): string {
  const parts: string[] = [];
  if (latency) {
    const whose = latency.share === 1 ? 'all requests' : `${percent(latency.share)} of requests`;
    parts.push(`${whose} about ${Number(latency.times.toPrecision(3))} times as slow`);
  }
  if (errors) parts.push(`errors about ${percent(errors.extra)} of requests beyond what is tolerated`);
  if (outcomes !== null) {
    parts.push(`outcomes about ${Number(outcomes.toPrecision(2))} below what is tolerated`);
  }
  return parts.join(' and ');
}

/** "1 in 3,000 chance of this if green were within its margins". */
export function chanceSentence(logEvidence: number): string {
  if (logEvidence <= Math.log(2)) return 'nothing speaks against green so far';
  return `${oneInMany(logEvidence)} chance of this if green were within its margins`;
}

/** "at most a 1 in 3,000". */
export function oneInMany(logEvidence: number): string {
  const oneIn = Math.exp(Math.min(logEvidence, Math.log(1e9)));
  const digits = Number(oneIn.toPrecision(oneIn < 100 ? 2 : 1));
  const bound = logEvidence > Math.log(1e9) ? 'less than 1 in ' : 'at most a 1 in ';
  return `${bound}${digits.toLocaleString('en-US')}`;
}

/** "412 of 9,800 green requests failed, 50 of 9,750 blue ones". */
export function countsSentence({ seen }: RuleState): string {
  const { green, blue } = seen;
  const number = (value: number) => value.toLocaleString('en-US');
  return `${number(green.errors)} of ${number(green.requests)} green requests failed, ${number(blue.errors)} of ${number(blue.requests)} blue ones`;
}

/** Requests of green until rollback if the leading alternative is true; null where it does not grow. */
export function remainingRequests(
  evidence: CombinedEvidence,
  leading: LeadingAlternative,
  options: RuleOptions,
): number | null {
  if (!(leading.growthPerRequest > 0)) return null;
  const missing = Math.max(0, Math.log(1 / options.alpha) - evidence.log);
  return Math.ceil(missing / leading.growthPerRequest);
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(2))} %`;
}
