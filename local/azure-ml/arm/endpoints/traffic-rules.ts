/** Decides whether an endpoint may take a routing; reports every broken rule ("Online endpoints", "Safe rollout"). */
import type { ArmErrorDetail } from '../protocol/arm-error.ts';
import type { Routing, Shares } from '../records/endpoint-record.ts';

const MAX_MIRROR_PERCENT = 50;

/** What the rules need to know of a deployment that exists. */
export interface RoutableDeployment {
  readonly name: string;
  /** False until it has become ready once; such a deployment can take no traffic. */
  readonly wasReady: boolean;
}

export function routingProblems(routing: Routing, deployments: readonly RoutableDeployment[]): ArmErrorDetail[] {
  return [
    ...shareProblems('traffic', routing.traffic, deployments),
    ...shareProblems('mirrorTraffic', routing.mirrorTraffic, deployments),
    ...sumProblems(routing.traffic),
    ...mirrorProblems(routing),
  ];
}

/** The same routing with the deployments' own spelling of their names. */
export function spelled(routing: Routing, deployments: readonly RoutableDeployment[]): Routing {
  const spell = (shares: Shares) =>
    Object.fromEntries(
      Object.entries(shares).map(([name, share]) => [find(name, deployments)?.name ?? name, share] as const),
    );
  return { traffic: spell(routing.traffic), mirrorTraffic: spell(routing.mirrorTraffic) };
}

function find(name: string, deployments: readonly RoutableDeployment[]): RoutableDeployment | undefined {
  return deployments.find((deployment) => deployment.name.toLowerCase() === name.toLowerCase());
}

function shareProblems(
  member: 'traffic' | 'mirrorTraffic',
  shares: Shares,
  deployments: readonly RoutableDeployment[],
): ArmErrorDetail[] {
  return Object.entries(shares).flatMap(([name, share]) => {
    const target = `properties.${member}.${name}`;
    const deployment = find(name, deployments);
    if (!deployment) return [problem(target, `${member} names '${name}', which is no deployment of this endpoint.`)];
    if (!Number.isInteger(share) || share < 0 || share > 100) {
      return [problem(target, `${member} of '${name}' is ${share}; it must be a whole number from 0 to 100.`)];
    }
    if (share > 0 && !deployment.wasReady) {
      return [problem(target, `'${name}' has not been deployed successfully and cannot take ${member}.`)];
    }
    return [];
  });
}

function sumProblems(traffic: Shares): ArmErrorDetail[] {
  const sum = Object.values(traffic).reduce((total, share) => total + share, 0);
  if (sum === 0 || sum === 100) return [];
  return [problem('properties.traffic', `The traffic percentages sum to ${sum}; they must sum to 0 or 100.`)];
}

function mirrorProblems({ traffic, mirrorTraffic }: Routing): ArmErrorDetail[] {
  const target = 'properties.mirrorTraffic';
  const mirrored = Object.entries(mirrorTraffic).filter(([, share]) => share > 0);
  const problems = mirrored.flatMap(([name, share]) => [
    ...(share > MAX_MIRROR_PERCENT
      ? [
          problem(
            target,
            `mirrorTraffic of '${name}' is ${share}; at most ${MAX_MIRROR_PERCENT} percent can be mirrored.`,
          ),
        ]
      : []),
    ...(liveShare(name, traffic) > 0
      ? [problem(target, `'${name}' takes live traffic; a deployment takes live or mirrored traffic, never both.`)]
      : []),
  ]);
  if (mirrored.length <= 1) return problems;
  return [...problems, problem(target, 'mirrorTraffic names several deployments; only one can take mirrored traffic.')];
}

function liveShare(name: string, traffic: Shares): number {
  return Object.entries(traffic).find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1] ?? 0;
}

function problem(target: string, message: string): ArmErrorDetail {
  return { code: 'InvalidTraffic', message, target };
}
