/**
 * Starts Azure ML's inference server (PyPI azureml-inference-server-http) as a process group per instance.
 *
 * 1. The server listens on a free port of 127.0.0.1 and nowhere else.
 * 2. It ends when it is stopped, when its leader ends, and when this process ends in any way.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeploymentSpec } from '../../seams/serving-plane.ts';
import { endProcessGroup, signalGroup } from './end-process-group.ts';
import { instanceEnvironment } from './instance-environment.ts';
import type { InstanceLauncher, InstanceProcess } from './instance-launcher.ts';
import { readLines } from './read-lines.ts';

const LAUNCH_SCRIPT = join(import.meta.dirname, 'serve_instance.py');
/** How long output that a dead server left in its pipes is waited for. */
const LAST_OUTPUT_MS = 500;

type ServerChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** Fails when the interpreter of the serving environment is missing. */
export function createPythonLauncher(pythonPath: string, workFolder: string): InstanceLauncher {
  if (!existsSync(pythonPath)) {
    throw new Error(`The serving environment has no interpreter at ${pythonPath}: run npm run setup.`);
  }
  mkdirSync(workFolder, { recursive: true });
  return { launch: (spec, onLine) => launch({ pythonPath, workFolder }, spec, onLine) };
}

async function launch(
  place: { readonly pythonPath: string; readonly workFolder: string },
  spec: DeploymentSpec,
  onLine: (line: string) => void,
): Promise<InstanceProcess> {
  const script = isAbsolute(spec.scoringScript) ? spec.scoringScript : join(spec.codeFolder, spec.scoringScript);
  const searchPath = process.env.PATH ?? '/usr/bin:/bin';
  const child = spawn(place.pythonPath, [LAUNCH_SCRIPT, script], {
    cwd: spec.codeFolder,
    env: instanceEnvironment(spec, { pythonPath: place.pythonPath, homeFolder: place.workFolder, searchPath }),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  }) as ServerChild;
  child.stdin.on('error', () => undefined);
  readLines(child.stdout, onLine);
  readLines(child.stderr, onLine);
  const exited = whenGone(child);
  const port = await Promise.race([portOf(child), exited]);
  if (typeof port !== 'number') throw new Error(`The model server ended before it listened: ${port}.`);
  const { pid } = child;
  const stop = async () => (pid === undefined ? undefined : endProcessGroup(pid, exited));
  let stopping: Promise<void> | undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    exited,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Resolves after the leader's end, when the rest of its group is killed and its last output is read. */
function whenGone(child: ServerChild): Promise<string> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started (${error.message})`));
    child.once('exit', async (code, signal) => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      await Promise.race([closed, delay(LAST_OUTPUT_MS)]);
      resolve(signal ? `signal ${signal}` : `exit code ${code}`);
    });
  });
}

/** Never resolves when the server ends before it wrote its port. */
function portOf(child: ServerChild): Promise<number> {
  const channel = child.stdio[3] as Readable;
  return new Promise((resolve) => {
    readLines(channel, (line) => resolve(Number(line)));
    channel.on('error', () => undefined);
  });
}
