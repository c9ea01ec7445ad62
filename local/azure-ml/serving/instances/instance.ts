/**
 * One instance of a deployment, from its start to its end.
 *
 * 1. It counts as alive from the first passed readiness until its process ends or its liveness probe has failed.
 * 2. Whatever ended it, it is started again with growing pauses, until it is stopped.
 * 3. After `stop` nothing of it runs any more.
 */
import { type Clock, sleep } from '../../../emulator/clock.ts';
import type { DeploymentSpec, StartOutcome } from '../../seams/serving-plane.ts';
import type { InstanceLauncher, InstanceProcess } from '../process/instance-launcher.ts';
import type { LineLog } from './line-log.ts';
import { ModelClient } from './model-client.ts';
import { untilReady, untilUnhealthy } from './probe-until.ts';
import { RestartBackoff } from './restart-backoff.ts';
import type { ScoreCall, ScoreResult } from './score-call.ts';
import { endedBeforeReady, neverReady, notLaunched, type StartFailure, startCanceled } from './start-failure.ts';

/** How much of a server's output is looked at to tell why it did not start. */
const FAILURE_LINES = 200;

export interface InstanceOptions {
  readonly name: string;
  readonly spec: DeploymentSpec;
  readonly launcher: InstanceLauncher;
  readonly clock: Clock;
  readonly output: LineLog;
  /** Called when the instance has died or is back. */
  readonly onChange: () => void;
  readonly log: (line: string) => void;
}

interface Running {
  readonly process: InstanceProcess;
  readonly client: ModelClient;
}

export class Instance {
  readonly #options: InstanceOptions;
  readonly #end = new AbortController();
  readonly #backoff = new RestartBackoff();
  #running: Running | undefined;
  #alive = false;
  #starting: Promise<unknown> = Promise.resolve();
  #supervision: Promise<void> = Promise.resolve();

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when the instance is ready, or when it is clear that it will not be; then nothing of it is left. */
  async start(signal: AbortSignal): Promise<StartOutcome> {
    const starting = this.#bringUp(AbortSignal.any([signal, this.#end.signal]));
    this.#starting = starting;
    const failure = await starting;
    if (failure) return failure;
    this.#supervision = this.#supervise();
    return { ok: true };
  }

  async score(call: ScoreCall, signal: AbortSignal): Promise<ScoreResult> {
    if (!this.#alive || !this.#running) return { kind: 'not-running' };
    return this.#running.client.score(call, signal);
  }

  async stop(): Promise<void> {
    this.#alive = false;
    this.#end.abort();
    await this.#starting;
    await this.#takeDown();
    await this.#supervision;
    await this.#takeDown();
  }

  /** Returns why the instance did not become ready, or undefined when it is alive. */
  async #bringUp(signal: AbortSignal): Promise<StartFailure | undefined> {
    const { name } = this.#options;
    try {
      signal.throwIfAborted();
      const failure = await this.#launchAndProbe(signal);
      if (failure) await this.#takeDown();
      else this.#alive = true;
      return failure;
    } catch (cause) {
      await this.#takeDown();
      return signal.aborted ? startCanceled(name) : notLaunched(name, cause);
    }
  }

  async #launchAndProbe(signal: AbortSignal): Promise<StartFailure | undefined> {
    const { name, spec, launcher, clock, output } = this.#options;
    const lines: string[] = [];
    const process = await launcher.launch(spec, (line) => {
      output.append(name, line);
      if (lines.push(line) > FAILURE_LINES) lines.shift();
    });
    const client = new ModelClient(process.origin, spec.maxConcurrentRequestsPerInstance, clock);
    this.#running = { process, client };
    const given = new AbortController();
    const probing = untilReady({
      check: (timeoutMs) => client.probe(timeoutMs),
      settings: spec.readiness,
      clock,
      signal: AbortSignal.any([signal, given.signal]),
    });
    probing.catch(() => undefined);
    const ended = process.exited.then((ending) => ({ ending }));
    const first = await Promise.race([probing, ended]);
    given.abort();
    if (first === 'healthy') return undefined;
    if (first === 'unhealthy') return neverReady(name, spec.readiness.failureThreshold, lines);
    return endedBeforeReady(name, first.ending, lines);
  }

  async #supervise(): Promise<void> {
    const { name, clock, log } = this.#options;
    const { signal } = this.#end;
    let readyAtMs = clock.nowMs();
    while (!signal.aborted) {
      const cause = await this.#untilDead();
      if (signal.aborted) return;
      this.#alive = false;
      this.#options.onChange();
      const waitMs = this.#backoff.next(clock.nowMs() - readyAtMs);
      log(`${name} is down (${cause}); it starts again in ${waitMs} ms.`);
      await this.#takeDown();
      await this.#restart(waitMs);
      readyAtMs = clock.nowMs();
    }
  }

  /** Tries until the instance is alive again or stopped. */
  async #restart(firstWaitMs: number): Promise<void> {
    const { name, clock, log, output } = this.#options;
    const { signal } = this.#end;
    let waitMs = firstWaitMs;
    while (!signal.aborted) {
      await sleep(clock, waitMs, signal).catch(() => undefined);
      const failure = await this.#bringUp(signal);
      if (!failure) {
        output.append(name, 'The instance is ready again.');
        return this.#options.onChange();
      }
      waitMs = this.#backoff.next(0);
      if (!signal.aborted) log(`${name} did not come back; next try in ${waitMs} ms. ${failure.message}`);
    }
  }

  /** Resolves with the reason when the process has ended or is no longer live; with 'stopped' after `stop`. */
  async #untilDead(): Promise<string> {
    const { spec, clock } = this.#options;
    const running = this.#running;
    if (!running) return 'stopped';
    const probed = new AbortController();
    const lost = untilUnhealthy({
      check: (timeoutMs) => running.client.probe(timeoutMs),
      settings: spec.liveness,
      clock,
      signal: AbortSignal.any([this.#end.signal, probed.signal]),
    });
    const notLive = lost.then(
      () => `${spec.liveness.failureThreshold} liveness probes in a row failed`,
      () => 'stopped',
    );
    const cause = await Promise.race([notLive, running.process.exited]);
    probed.abort();
    return cause;
  }

  async #takeDown(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    await running.process.stop();
    await running.client.close();
  }
}
