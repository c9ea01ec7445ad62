/**
 * Runs MLflow's own tracking server as a child process, started when it is first needed.
 *
 * 1. It listens on a free port of 127.0.0.1, and ends with this process.
 * 2. What was logged lies in a SQLite file: a server that was stopped or killed has lost nothing when it is back.
 * 3. Callers that come while it starts share one start; one that ended by itself is started by the next caller.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createJobLauncher } from '../jobs/launch/job-launcher.ts';

export interface MlflowServerOptions {
  /** Interpreter of the environment that `mlflow-requirements.txt` makes. */
  readonly pythonPath: string;
  /** Holds the database and the log. */
  readonly folder: string;
}

export interface MlflowServer {
  /** `http://127.0.0.1:<port>` of a server that answers; rejects when it is kept down or cannot be started. */
  origin(): Promise<string>;
  /** Ends the server and refuses to start it, until it is let up again. */
  keepDown(isDown: boolean): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  readonly origin: Promise<string>;
  readonly exited: Promise<unknown>;
  readonly end: AbortController;
}

const START_LIMIT_MS = 90_000;
const POLL_MS = 50;
const LISTENING = /Listening at: (http:\/\/127\.0\.0\.1:\d+)/;

/**
 * Options of `mlflow server` 3.17.2. With `--gunicorn-opts` it serves the tracking API alone, and without its job runner
 * (see the environment below) it is three processes with 320 MB instead of ten with 1.1 GB.
 */
const COMMAND = [
  'exec python -m mlflow server --host 127.0.0.1 --port 0 --workers 1 --no-serve-artifacts',
  '--backend-store-uri "sqlite:///$DATA/mlflow.db" --default-artifact-root "$DATA/artifacts"',
  '--gunicorn-opts "--threads 4 --no-control-socket"',
].join(' ');

/** The interpreter may be missing until the server is first needed. */
export function createMlflowServer(options: MlflowServerOptions): MlflowServer {
  const launcher = createJobLauncher(options.pythonPath);
  mkdirSync(options.folder, { recursive: true });
  let running: Running | undefined;
  let isDown = false;

  const start = (): Running => {
    const logPath = join(options.folder, 'mlflow.log');
    rmSync(logPath, { force: true });
    const end = new AbortController();
    const plan = { command: COMMAND, folder: options.folder, environment: environment(options.folder), logPath };
    const exited = launcher.run(plan, end.signal).catch((error: unknown) => error);
    const begun: Running = { origin: whenListening(logPath, exited), exited, end };
    begun.origin.catch(() => end.abort());
    void exited.then(() => {
      if (running === begun) running = undefined;
    });
    return begun;
  };
  const end = async () => {
    const ending = running;
    running = undefined;
    ending?.end.abort();
    await ending?.exited;
  };
  return {
    async origin() {
      if (isDown) throw new Error('The tracking server is down.');
      running ??= start();
      return running.origin;
    },
    async keepDown(down) {
      isDown = down;
      if (down) await end();
    },
    async stop() {
      isDown = true;
      await end();
    },
  };
}

function environment(folder: string): Record<string, string> {
  return {
    DATA: folder,
    HOME: folder,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  };
}

async function whenListening(logPath: string, exited: Promise<unknown>): Promise<string> {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  const deadlineMs = Date.now() + START_LIMIT_MS;
  while (!ended && Date.now() < deadlineMs) {
    const origin = LISTENING.exec(read(logPath))?.[1];
    if (origin && (await answers(origin))) return origin;
    await delay(POLL_MS);
  }
  throw new Error(`The tracking server did not start; the end of its log:\n${read(logPath).slice(-2000)}`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function answers(origin: string): Promise<boolean> {
  const limit = AbortSignal.timeout(2000);
  return fetch(`${origin}/health`, { signal: limit }).then(
    (response) => response.ok,
    () => false,
  );
}
