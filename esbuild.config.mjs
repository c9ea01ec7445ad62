/** Bundles the app into dist/index.cjs: one CommonJS file with a source map; the Functions worker injects functions-core. */
import { build } from 'esbuild';

await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.cjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  external: ['@azure/functions-core'],
  define: { 'import.meta.dirname': '__dirname' },
  logLevel: 'warning',
});
