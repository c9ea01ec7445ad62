/** The host's own routes: state of the host, list of functions, and running a function that HTTP does not trigger. */
import { z } from 'zod';
import type { FunctionDefinition } from '../seams/invocation.ts';
import { HOST_VERSION } from '../worker/core-module.ts';
import { type Exchange, emptyReply, jsonReply, type Reply, textReply } from './exchange.ts';

const inputSchema = z.looseObject({ input: z.string().nullish() });

/** Starts a function on demand without waiting for it; undefined when its trigger cannot be run that way. */
export type RunOnDemand = (definition: FunctionDefinition, input: string) => Promise<void> | undefined;

export interface AdminApiOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly run: RunOnDemand;
  readonly uptimeMs: () => number;
}

/** Undefined when the path is none of these routes. `path` starts with `/admin/`. */
export async function answerAdmin(options: AdminApiOptions, exchange: Exchange): Promise<Reply | undefined> {
  const [, , area, name, ...more] = exchange.url.pathname.split('/');
  if (more.length > 0) return undefined;
  if (area === 'host' && name === 'status' && exchange.method === 'GET') return jsonReply(200, status(options));
  if (area === 'host' && name === 'ping') return emptyReply(200);
  if (area !== 'functions') return undefined;
  if (!name) return jsonReply(200, options.functions.map(describe));
  const definition = options.functions.find((one) => one.name.toLowerCase() === decodeURIComponent(name).toLowerCase());
  if (!definition) return emptyReply(404);
  if (exchange.method === 'GET') return jsonReply(200, describe(definition));
  return exchange.method === 'POST' ? runFunction(options, definition, exchange) : emptyReply(405);
}

function status(options: AdminApiOptions): object {
  return {
    id: 'slipway-local',
    state: 'Running',
    version: HOST_VERSION,
    processUptime: options.uptimeMs(),
    functionAppContentEditingState: 'Unknown',
  };
}

function describe(definition: FunctionDefinition): object {
  const bindings = Object.entries(definition.bindings).map(([name, binding]) => ({ ...binding, name }));
  return { name: definition.name, language: 'node', config: { bindings } };
}

async function runFunction(
  options: AdminApiOptions,
  definition: FunctionDefinition,
  exchange: Exchange,
): Promise<Reply> {
  const input = readInput(await exchange.readBody());
  if (input === undefined) return textReply(400, 'The body must be JSON such as {"input": "text for the trigger"}.');
  const run = options.run(definition, input);
  if (!run) {
    return textReply(
      400,
      `Function ${definition.name} cannot be run here: call its URL, or start it over the Durable API.`,
    );
  }
  // The caller is not told the outcome; failures are logged where the function runs.
  run.catch(() => undefined);
  return emptyReply(202);
}

function readInput(body: Uint8Array): string | undefined {
  if (body.byteLength === 0) return '';
  try {
    const parsed = inputSchema.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
    return parsed.success ? (parsed.data.input ?? '') : undefined;
  } catch {
    return undefined;
  }
}
