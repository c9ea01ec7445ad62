/**
 * One deployment: its instances, the requests that run or wait in it, and its time-out.
 *
 * 1. At most 2 * maxConcurrentRequestsPerInstance * instanceCount requests are pending; the next one is refused.
 * 2. Scaling in and stopping let every accepted request finish first.
 */
import type { Clock } from '../../../emulator/clock.ts';
import type { DeploymentSpec, StartOutcome } from '../../seams/serving-plane.ts';
import { Instance } from '../instances/instance.ts';
import type { LineLog } from '../instances/line-log.ts';
import type { ScoreCall, ScoreResult } from '../instances/score-call.ts';
import type { InstanceLauncher } from '../process/instance-launcher.ts';
import { InstanceQueue } from './instance-queue.ts';

export interface DeploymentOptions {
  readonly spec: DeploymentSpec;
  readonly launcher: InstanceLauncher;
  readonly clock: Clock;
  readonly output: LineLog;
  readonly log: (line: string) => void;
}

export class Deployment {
  readonly #options: DeploymentOptions;
  readonly #queue: InstanceQueue<Instance>;
  readonly #end = new AbortController();
  /** Every instance that may have a process: starting, serving or finishing. */
  readonly #instances = new Set<Instance>();
  #wantedInstances: number;
  #nextInstance = 0;
  #pending = 0;
  #whenIdle: (() => void)[] = [];

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.#wantedInstances = options.spec.instanceCount;
    this.#queue = new InstanceQueue(options.spec.maxConcurrentRequestsPerInstance);
  }

  get spec(): DeploymentSpec {
    return { ...this.#options.spec, instanceCount: this.#wantedInstances };
  }

  /** All instances, or none: when one does not become ready the others are stopped too. */
  async start(signal: AbortSignal): Promise<StartOutcome> {
    return this.#addInstances(this.#wantedInstances, AbortSignal.any([signal, this.#end.signal]));
  }

  /** A failed scale-out leaves the instances as they were. */
  async scale(instanceCount: number): Promise<StartOutcome> {
    const missing = instanceCount - this.#queue.members.length;
    if (missing > 0) {
      const outcome = await this.#addInstances(missing, this.#end.signal);
      if (outcome.ok) this.#wantedInstances = instanceCount;
      return outcome;
    }
    this.#wantedInstances = instanceCount;
    const surplus = this.#queue.members.slice(instanceCount);
    await Promise.all(surplus.map((instance) => this.#retire(instance)));
    return { ok: true };
  }

  /** Fails never: every way to end is a result. */
  async score(call: ScoreCall): Promise<ScoreResult> {
    const { spec, clock } = this.#options;
    if (this.#pending >= 2 * spec.maxConcurrentRequestsPerInstance * this.#wantedInstances) {
      return { kind: 'too-many-pending' };
    }
    this.#pending += 1;
    const deadline = new AbortController();
    const cancel = clock.after(spec.requestTimeoutMs, () => deadline.abort());
    try {
      return await this.#scoreBefore(deadline.signal, call);
    } catch (error) {
      if (deadline.signal.aborted) return { kind: 'timed-out' };
      throw error;
    } finally {
      cancel();
      this.#pending -= 1;
      if (this.#pending === 0) for (const idle of this.#whenIdle.splice(0)) idle();
    }
  }

  /** Call it after the last request was sent here; waits for all that run, then ends the processes. */
  async drain(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    await this.stop();
  }

  /** Ends the processes at once. */
  async stop(): Promise<void> {
    this.#end.abort();
    await Promise.all([...this.#instances].map((instance) => this.#discard(instance)));
  }

  async #scoreBefore(deadline: AbortSignal, call: ScoreCall): Promise<ScoreResult> {
    const instance = await this.#queue.acquire(deadline);
    if (!instance) return { kind: 'not-running' };
    try {
      return await instance.score(call, deadline);
    } finally {
      this.#queue.release(instance);
    }
  }

  async #addInstances(count: number, signal: AbortSignal): Promise<StartOutcome> {
    const oneFailed = new AbortController();
    const instances = Array.from({ length: count }, () => this.#newInstance());
    const outcomes = await Promise.all(
      instances.map(async (instance) => {
        const outcome = await instance.start(AbortSignal.any([signal, oneFailed.signal]));
        if (!outcome.ok) oneFailed.abort();
        return outcome;
      }),
    );
    const failures = outcomes.filter((outcome) => !outcome.ok);
    const failure = failures.find(({ code }) => code !== 'OperationCanceled') ?? failures[0];
    if (failure || signal.aborted) {
      await Promise.all(instances.map((instance) => this.#discard(instance)));
      return failure ?? { ok: false, code: 'OperationCanceled', message: 'The start was canceled.' };
    }
    for (const instance of instances) this.#queue.add(instance);
    return { ok: true };
  }

  #newInstance(): Instance {
    const { spec, launcher, clock, output, log } = this.#options;
    const name = `${spec.deploymentName}-${this.#nextInstance++}`;
    const onChange = () => this.#queue.changed();
    const instance = new Instance({ name, spec, launcher, clock, output, log, onChange });
    this.#instances.add(instance);
    return instance;
  }

  async #retire(instance: Instance): Promise<void> {
    await this.#queue.remove(instance);
    await this.#discard(instance);
  }

  async #discard(instance: Instance): Promise<void> {
    await instance.stop();
    this.#instances.delete(instance);
  }
}
