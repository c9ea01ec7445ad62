/**
 * The host's command. Plain JavaScript, and Node's compile cache is on before anything else loads: with the cache warm
 * Node then never starts its type stripper, and a start takes half the time.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';

/** Also a host that is killed leaves its cache behind; writing it must not delay the first requests. */
const CACHE_AFTER_MS = 3000;

enableCompileCache();
const { runCommand } = await import('./run-command.ts');
await runCommand(process.argv.slice(2));
setTimeout(flushCompileCache, CACHE_AFTER_MS).unref();
