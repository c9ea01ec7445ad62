/** Which files of the bundle start-up loads, which a first use loads, and how many bytes of each package are in them. */
import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundleParts {
  /** Names of files in dist/ that are loaded with index.cjs. */
  readonly startUp: readonly string[];
  /** What an `import()` of the app's own code names: package and file, with all files that it loads. */
  readonly firstUses: readonly FirstUse[];
}

export interface FirstUse {
  readonly packageName: string;
  readonly entryPoint: string;
  readonly file: string;
  readonly files: readonly string[];
  readonly exports: readonly string[];
}

const ENTRY = 'dist/index.cjs';

export function partsOf({ outputs }: Metafile): BundleParts {
  const startUp = closure(outputs, ENTRY);
  const lazy = Object.entries(outputs).filter(([path, { entryPoint }]) => entryPoint && !startUp.has(path));
  const byApp = new Set([...startUp].flatMap((path) => importsOf(outputs, path, 'dynamic-import')));
  return {
    startUp: [...startUp].map((path) => basename(path)),
    firstUses: lazy
      .filter(([path]) => byApp.has(path))
      .map(([path, output]) => ({
        packageName: libraryOf(output),
        entryPoint: output.entryPoint ?? '',
        exports: output.exports,
        file: basename(path),
        files: [...closure(outputs, path)].filter((file) => !startUp.has(file)).map((file) => basename(file)),
      })),
  };
}

/** Bytes per package in these files of dist/; the app's own code counts as `src`. */
export function bytesByPackage({ outputs }: Metafile, files: readonly string[]): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const file of files) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[`dist/${file}`]?.inputs ?? {})) {
      const name = packageOf(input);
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
}

/** The innermost package of a path; `src` for the app's own code. */
export function packageOf(path: string): string {
  const names = [...path.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)];
  return names.at(-1)?.[1] ?? 'src';
}

/** Of a module of the app that hands on a client library, that library. */
function libraryOf({ entryPoint = '', inputs }: Metafile['outputs'][string]): string {
  if (packageOf(entryPoint) !== 'src') return packageOf(entryPoint);
  const sizes = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  return packageOf(sizes[0]?.[0] ?? '');
}

function closure(outputs: Metafile['outputs'], entry: string): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const path of found) for (const next of importsOf(outputs, path, 'import-statement')) found.add(next);
  return found;
}

function importsOf(outputs: Metafile['outputs'], path: string, kind: string): readonly string[] {
  const imports = outputs[path]?.imports ?? [];
  return imports.filter((one) => one.kind === kind && !one.external).map((one) => one.path);
}
