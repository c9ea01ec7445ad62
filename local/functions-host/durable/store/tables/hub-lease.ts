/**
 * At most one host works on a task hub: the one that holds the lease of a blob in `<hub>-leases`.
 *
 * 1. The lease lasts 30 s and is renewed every 10 s, as the leases of DurableTask.AzureStorage are.
 * 2. The holder counts from before it asked, so it stops before anybody else can begin.
 * 3. The blob names its holder. A holder of this machine whose process is gone is replaced at once, any other when its
 *    lease has run out; a holder of this machine that lives is a refusal.
 * 4. A holder that could not renew in time may not write until it has; when another has taken over it never may again.
 */
import { hostname } from 'node:os';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import { type Cancel, type Clock, sleep } from '../../../../emulator/clock.ts';
import { type HostIdentity, hostIdentitySchema, isGone, thisHost } from './host-identity.ts';
import { hasStatus } from './table-batches.ts';

const RENEW_EVERY_MS = 10_000;
const RETRY_MS = 500;
const SAFETY_MS = 1_000;

export class TaskHubNotHeld extends Error {
  override readonly name = 'TaskHubNotHeld';
}

const ownerSchema = z.object({ Epoch: z.int(), Process: hostIdentitySchema });

export interface HubLeaseOptions {
  readonly container: ContainerClient;
  readonly hubName: string;
  /** Leases of a real service run in real time, whatever the time of the orchestrations. */
  readonly clock: Clock;
  readonly durationSeconds?: number;
  readonly identity?: HostIdentity;
}

export class HubLease {
  readonly #options: HubLeaseOptions;
  readonly #blob: BlockBlobClient;
  readonly #durationMs: number;
  readonly #identity: HostIdentity;
  readonly #lost = Promise.withResolvers<string>();
  #leaseId: string | undefined;
  #heldUntilMs = 0;
  #epoch = 0;
  #cancelRenewal: Cancel = () => {};

  constructor(options: HubLeaseOptions) {
    this.#options = options;
    this.#blob = options.container.getBlockBlobClient(`default/${options.hubName.toLowerCase()}-control-00`);
    this.#durationMs = (options.durationSeconds ?? 30) * 1000;
    this.#identity = options.identity ?? thisHost();
  }

  /** Resolves with the reason when another host has taken over; never before. */
  get lost(): Promise<string> {
    return this.#lost.promise;
  }

  /** Fails with TaskHubNotHeld when another host works on the hub. */
  async take(): Promise<void> {
    await this.#createBlobs();
    const { clock } = this.#options;
    for (const deadlineMs = clock.nowMs() + this.#durationMs + SAFETY_MS; !(await this.#acquire()); ) {
      const holder = await this.#readHolder();
      if (holder && isGone(holder.owner, this.#identity)) await this.#breakLease(holder.etag);
      else if (holder?.owner.machine === this.#identity.machine || clock.nowMs() > deadlineMs)
        throw this.#taken(holder);
      else await sleep(clock, RETRY_MS);
    }
    this.#scheduleRenewal(RENEW_EVERY_MS);
  }

  /** Throws TaskHubNotHeld unless this host is the only one that may write now. */
  assertHeld(): void {
    if (this.#leaseId !== undefined && this.#options.clock.nowMs() < this.#heldUntilMs) return;
    throw new TaskHubNotHeld(
      `This host does not hold the lease of task hub '${this.#options.hubName}' at the moment, so it writes nothing. ` +
        'It goes on as soon as the lease is renewed; when another host has taken over, stop one of them.',
    );
  }

  async release(): Promise<void> {
    this.#cancelRenewal();
    const leaseId = this.#leaseId;
    this.#leaseId = undefined;
    if (leaseId === undefined) return;
    // A lease that cannot be given back runs out by itself.
    await this.#blob
      .getBlobLeaseClient(leaseId)
      .releaseLease()
      .catch(() => {});
  }

  async #createBlobs(): Promise<void> {
    const { container, hubName, clock } = this.#options;
    await container.createIfNotExists();
    const hub = { TaskHubName: hubName, CreatedAt: new Date(clock.nowMs()).toISOString(), PartitionCount: 1 };
    await Promise.all([
      createBlob(container.getBlockBlobClient('taskhub.json'), JSON.stringify(hub)),
      createBlob(this.#blob, '{}'),
    ]);
  }

  async #acquire(): Promise<boolean> {
    const askedAtMs = this.#options.clock.nowMs();
    const lease = this.#blob.getBlobLeaseClient();
    try {
      await lease.acquireLease(this.#durationMs / 1000);
      this.#epoch = ((await this.#readHolder())?.epoch ?? 0) + 1;
      await this.#signBlob(lease.leaseId);
    } catch (error) {
      // 409: somebody holds it. 412: somebody broke it before it was signed.
      if (hasStatus(error, 409, 412)) return false;
      throw error;
    }
    this.#leaseId = lease.leaseId;
    this.#heldUntilMs = askedAtMs + this.#durationMs - SAFETY_MS;
    return true;
  }

  async #signBlob(leaseId: string): Promise<void> {
    const content = JSON.stringify({
      PartitionId: `${this.#options.hubName.toLowerCase()}-control-00`,
      Owner: hostname(),
      Token: leaseId,
      Epoch: this.#epoch,
      Process: this.#identity,
    });
    await this.#blob.upload(content, Buffer.byteLength(content), { conditions: { leaseId } });
  }

  /** Undefined while the blob names nobody, or when it is being written. */
  async #readHolder() {
    const { etag = '*' } = await this.#blob.getProperties();
    try {
      const content = await this.#blob.downloadToBuffer(0, undefined, { conditions: { ifMatch: etag } });
      const read = ownerSchema.safeParse(JSON.parse(content.toString('utf8')));
      return read.success ? { owner: read.data.Process, epoch: read.data.Epoch, etag } : undefined;
    } catch (error) {
      if (hasStatus(error, 412)) return undefined;
      throw error;
    }
  }

  /** Only while the blob still names the process that is gone: another host may have been faster. */
  async #breakLease(etag: string): Promise<void> {
    try {
      await this.#blob.getBlobLeaseClient().breakLease(0, { conditions: { ifMatch: etag } });
    } catch (error) {
      if (!hasStatus(error, 409, 412)) throw error;
    }
  }

  #scheduleRenewal(delayMs: number): void {
    if (this.#leaseId === undefined) return;
    this.#cancelRenewal = this.#options.clock.after(delayMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const leaseId = this.#leaseId;
    if (leaseId === undefined) return;
    const askedAtMs = this.#options.clock.nowMs();
    try {
      await this.#blob.getBlobLeaseClient(leaseId).renewLease();
      this.#heldUntilMs = askedAtMs + this.#durationMs - SAFETY_MS;
    } catch (error) {
      if (hasStatus(error, 404, 409, 412)) return this.#lose();
      this.#scheduleRenewal(RETRY_MS);
      return;
    }
    this.#scheduleRenewal(RENEW_EVERY_MS);
  }

  #lose(): void {
    if (this.#leaseId === undefined) return;
    this.#leaseId = undefined;
    this.#lost.resolve(
      `Another host has taken over task hub '${this.#options.hubName}', since this one did not renew its lease in time. ` +
        'This host takes no more work. Stop it, or give each host a hub of its own (extensions.durableTask.hubName).',
    );
  }

  #taken(holder: { readonly owner: HostIdentity } | undefined): TaskHubNotHeld {
    const { machine, pid } = holder?.owner ?? { machine: 'unknown', pid: 0 };
    const who = machine === this.#identity.machine ? `process ${pid} of this machine` : `a host on '${machine}'`;
    return new TaskHubNotHeld(
      `Task hub '${this.#options.hubName}' is in use by ${who}, and two hosts on one hub would disturb each other. ` +
        'Stop that host, or give this one a hub of its own (extensions.durableTask.hubName in host.json).',
    );
  }
}

async function createBlob(blob: BlockBlobClient, content: string): Promise<void> {
  try {
    await blob.upload(content, Buffer.byteLength(content), { conditions: { ifNoneMatch: '*' } });
  } catch (error) {
    // 409: it is there. 412: it is there and leased.
    if (!hasStatus(error, 409, 412)) throw error;
  }
}
