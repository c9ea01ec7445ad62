/** What everything else of the stack stands on: certificates, identity and storage. */
import { join } from 'node:path';
import { type DevCertificates, ensureDevCertificates } from '../emulator/certificates.ts';
import { systemClock } from '../emulator/clock.ts';
import type { RunningEmulator } from '../emulator/server.ts';
import { type RunningIdentity, startIdentity } from '../identity/start-identity.ts';
import { startLogin } from '../identity/start-login.ts';
import { PRINCIPAL } from './local-azure.ts';
import type { ProcessBook } from './processes/process-book.ts';
import { type RunningAzurite, startAzurite } from './processes/start-azurite.ts';
import type { StopList } from './processes/stop-list.ts';
import type { StackPlan } from './stack-options.ts';
import { trustDevCa } from './trust-dev-ca.ts';

/** Where a stack begins: its plan, the processes it owns, and what it has to stop. */
export interface StackStart {
  readonly plan: StackPlan;
  readonly stops: StopList;
  readonly book: ProcessBook;
}

export interface StackGround extends StackStart {
  readonly tls: DevCertificates;
  readonly identity: RunningIdentity;
  /** Stands for `https://login.microsoftonline.com`. */
  readonly login: RunningEmulator;
  readonly azurite: RunningAzurite;
}

/** TLS clients of this process trust the stack's certificates from then on. */
export async function startGround(start: StackStart): Promise<StackGround> {
  const { plan, stops, book } = start;
  const tls = await ensureDevCertificates(join(plan.stateFolder, 'tls'));
  trustDevCa(tls.ca);
  const port = plan.ports.identity ?? 0;
  const identity = stops.add('identity', await startIdentity({ port, clock: systemClock, principal: PRINCIPAL }));
  plan.log(`Identity on ${identity.endpoint}`);
  const login = stops.add(
    'login',
    await startLogin({ port: plan.ports.login ?? 0, clock: systemClock, tls, identity }),
  );
  const azurite = await startAzurite({
    tls,
    book,
    cwd: plan.stateFolder,
    ports: plan.ports,
    location: plan.persist ? join(plan.stateFolder, 'azurite') : undefined,
  });
  stops.add('azurite', azurite.process);
  plan.log(`Azurite: blobs ${azurite.blobUrl}, queues ${azurite.queueUrl}, tables ${azurite.tableUrl}`);
  return { ...start, tls, identity, login, azurite };
}
