/** What the real bundle costs: start-up to the first answer with it, and bytes and load time by package. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleApp } from '../../../../esbuild.config.mjs';
import { startUp } from '../start-up.ts';
import { appSettings, ROOT } from './app-settings.ts';
import { bytesByPackage, partsOf } from './bundle-parts.ts';
import type { LoadAssignment, LoadReport } from './measure-load.ts';

const CHILD = join(import.meta.dirname, 'measure-load.ts');
const FOLDER = join(ROOT, 'dist');
const RUNS = 5;

export interface BundleRow {
  readonly name: string;
  readonly startUpBytes: number;
  /** From a profile: its shares count. */
  readonly startUpMs: number;
  readonly firstUseBytes: number;
  /** In a fresh process, with everything that start-up has not loaded; null where the app's code does not load it. */
  readonly firstUseMs: number | null;
}

export interface BundleReport {
  readonly loadMs: number;
  readonly loadCpuMs: number;
  readonly coldMs: number;
  readonly coldCpuMs: number;
  readonly warmMs: number;
  readonly warmCpuMs: number;
  readonly rows: readonly BundleRow[];
}

/** `dist/` must have been built from this checkout. Each figure is the least of several runs, each a new process. */
export async function measureBundle(connectionString: string): Promise<BundleReport> {
  const { settings, policies } = appSettings();
  try {
    const environment = { ...process.env, ...settings, AzureWebJobsStorage: connectionString };
    const app = { scriptRoot: ROOT, path: '/api/rollouts', status: 401, environment };
    const cold = await runs(() => startUp({ ...app, compileCache: false }));
    await startUp({ ...app, compileCache: true });
    const warm = await runs(() => startUp({ ...app, compileCache: true }));
    const loads = await runs(() => load({ folder: FOLDER }, environment));
    return {
      loadMs: least(loads, ({ wallMs }) => wallMs),
      loadCpuMs: least(loads, ({ cpuMs }) => cpuMs),
      coldMs: least(cold, ({ ms }) => ms),
      coldCpuMs: least(cold, ({ cpuMs }) => cpuMs),
      warmMs: least(warm, ({ ms }) => ms),
      warmCpuMs: least(warm, ({ cpuMs }) => cpuMs),
      rows: await rowsOf(environment),
    };
  } finally {
    await rm(policies, { recursive: true });
  }
}

async function rowsOf(environment: NodeJS.ProcessEnv): Promise<BundleRow[]> {
  const { metafile } = await bundleApp();
  const parts = partsOf(metafile);
  const startUpBytes = bytesByPackage(metafile, parts.startUp);
  const { selfTimes } = await load({ folder: FOLDER, profile: true }, environment);
  const startUpMs = new Map(selfTimes.map(({ name, ms }) => [name, ms]));
  const later = Object.keys(metafile.outputs).map((path) => path.slice('dist/'.length));
  const firstUseBytes = bytesByPackage(
    metafile,
    later.filter((file) => !parts.startUp.includes(file)),
  );
  const firstUseMs = new Map<string, number>();
  for (const { packageName, file } of parts.firstUses) {
    const loads = await runs(() => load({ folder: FOLDER, firstUse: file }, environment));
    firstUseMs.set(
      packageName,
      least(loads, ({ wallMs }) => wallMs),
    );
  }
  const names = new Set([...startUpMs.keys(), ...startUpBytes.keys(), ...firstUseBytes.keys()]);
  return [...names].map((name) => ({
    name,
    startUpBytes: startUpBytes.get(name) ?? 0,
    startUpMs: startUpMs.get(name) ?? 0,
    firstUseBytes: firstUseBytes.get(name) ?? 0,
    firstUseMs: firstUseMs.get(name) ?? null,
  }));
}

async function load(assignment: LoadAssignment, environment: NodeJS.ProcessEnv): Promise<LoadReport> {
  const env = { ...environment, NODE_DISABLE_COMPILE_CACHE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(assignment)], { env });
  return JSON.parse(stdout) as LoadReport;
}

async function runs<Result>(once: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let run = 0; run < RUNS; run += 1) results.push(await once());
  return results;
}

function least<Result>(results: readonly Result[], of: (result: Result) => number): number {
  return Math.min(...results.map(of));
}
