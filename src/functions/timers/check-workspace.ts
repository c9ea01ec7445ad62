/** Says at start, and once an hour, when the workspace cannot be worked with at all, and what to do about it. */
import { messageOf } from '../../domain/message-of.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventPublisher } from '../../ports/events.ts';
import type { Workspace } from '../../ports/workspace.ts';

export interface CheckPorts {
  readonly workspace: Workspace;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
}

interface Problem {
  readonly code: 'v1-legacy' | 'absent' | 'unreadable';
  readonly reason: string;
}

const MAX_ERROR = 300;

/** Resolves with the problem, or null; people are told once a day. */
export function createCheckWorkspace({ workspace, publisher, clock }: CheckPorts, name: string) {
  return async (): Promise<string | null> => {
    const problem = await problemOf(workspace, name);
    if (problem === null) return null;
    const timeIso = new Date(clock.nowMs()).toISOString();
    await publisher.publish({
      id: `workspace.${name}.${problem.code}.${timeIso.slice(0, 10)}`,
      type: 'Slipway.Workspace.OperatorNeeded',
      subject: `workspaces/${name}`,
      timeIso,
      data: { workspace: name, ...problem },
    });
    return problem.reason;
  };
}

async function problemOf(workspace: Workspace, name: string): Promise<Problem | null> {
  try {
    const view = await workspace.read();
    if (view === null) {
      const remedy = 'check SLIPWAY_SUBSCRIPTION_ID, SLIPWAY_RESOURCE_GROUP and SLIPWAY_WORKSPACE';
      return { code: 'absent', reason: `Workspace ${name} does not exist: ${remedy}.` };
    }
    if (!view.isV1Legacy) return null;
    const remedy = `turn it off: az ml workspace update --name ${name} --v1-legacy-mode false`;
    return {
      code: 'v1-legacy',
      reason: `Workspace ${name} is in v1 legacy mode and refuses jobs, models and endpoints of the v2 API, which Slipway uses; ${remedy}.`,
    };
  } catch (error) {
    const said = messageOf(error).slice(0, MAX_ERROR);
    const remedy = "give the app's identity the role AzureML Data Scientist on it, and check SLIPWAY_ARM_ENDPOINT";
    return { code: 'unreadable', reason: `Workspace ${name} cannot be read (${said}); ${remedy}.` };
  }
}
