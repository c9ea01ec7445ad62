/** The command `func`, for callers that expect Functions Core Tools; loads as main.mjs does. */
import { enableCompileCache, flushCompileCache } from 'node:module';

const CACHE_AFTER_MS = 3000;

enableCompileCache();
const { runFunc } = await import('./run-func.ts');
await runFunc(process.argv.slice(2));
setTimeout(flushCompileCache, CACHE_AFTER_MS).unref();
