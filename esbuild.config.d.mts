import type { Metafile } from 'esbuild';

export function bundleApp(): Promise<{
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly metafile: Metafile;
}>;
