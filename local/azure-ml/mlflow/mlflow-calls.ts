/** The few calls that the emulator itself makes to MLflow's REST API (documentation "MLflow REST API", version 2.0). */
import { z } from 'zod';
import type { MlflowServer } from './mlflow-server.ts';

const CALL_LIMIT_MS = 15_000;

const experimentSchema = z.object({ experiment: z.object({ experiment_id: z.string() }) });
const createdSchema = z.object({ experiment_id: z.string() });
const runSchema = z.object({
  run: z.object({
    info: z.object({ run_id: z.string() }),
    data: z
      .object({ tags: z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]) })
      .optional(),
  }),
});

export type MlflowRunStatus = 'FINISHED' | 'FAILED' | 'KILLED';

export class MlflowCalls {
  readonly #server: MlflowServer;

  constructor(server: MlflowServer) {
    this.#server = server;
  }

  /** Id of the experiment of that name, which is made when it is missing. */
  async experimentId(name: string): Promise<string> {
    const known = await this.#experimentByName(name);
    if (known !== undefined) return known;
    const made = await this.#call('POST', 'experiments/create', { name });
    if (made.ok) return createdSchema.parse(made.body).experiment_id;
    // Another job of the same experiment may have been faster.
    const other = await this.#experimentByName(name);
    if (other === undefined) throw new Error(`MLflow refused the experiment '${name}' with ${made.status}.`);
    return other;
  }

  /** Id of the new run. */
  async createRun(run: {
    readonly experimentId: string;
    readonly name: string;
    readonly startedAtMs: number;
    readonly tags: Readonly<Record<string, string>>;
  }): Promise<string> {
    const made = await this.#call('POST', 'runs/create', {
      experiment_id: run.experimentId,
      run_name: run.name,
      start_time: run.startedAtMs,
      tags: Object.entries(run.tags).map(([key, value]) => ({ key, value })),
    });
    if (!made.ok) throw new Error(`MLflow refused a run with ${made.status}.`);
    return runSchema.parse(made.body).run.info.run_id;
  }

  /** Ends the run and returns its tags. */
  async endRun(runId: string, status: MlflowRunStatus, endedAtMs: number): Promise<Readonly<Record<string, string>>> {
    await this.#call('POST', 'runs/update', { run_id: runId, status, end_time: endedAtMs });
    const answer = await this.#call('GET', `runs/get?run_id=${encodeURIComponent(runId)}`);
    if (!answer.ok) return {};
    const tags = runSchema.parse(answer.body).run.data?.tags ?? [];
    return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  }

  async #experimentByName(name: string): Promise<string | undefined> {
    const found = await this.#call('GET', `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`);
    return found.ok ? experimentSchema.parse(found.body).experiment.experiment_id : undefined;
  }

  async #call(method: 'GET' | 'POST', path: string, body?: object) {
    const response = await fetch(`${await this.#server.origin()}/api/2.0/mlflow/${path}`, {
      method,
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    return { ok: response.ok, status: response.status, body: (await response.json()) as unknown };
  }
}
