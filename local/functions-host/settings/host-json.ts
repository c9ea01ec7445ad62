/** Reads host.json with the overrides that settings may bring, and checks what this host uses of it. */
import { join } from 'node:path';
import { z } from 'zod';
import type { HostLogLevel } from '../seams/host-log.ts';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { isAbsent, readJsonFile } from './json-file.ts';
import type { Settings } from './local-settings.ts';
import { type QueuesSection, queuesSection } from './queues-section.ts';
import { type ServiceBusSection, serviceBusSection } from './service-bus-section.ts';
import { resolveReferences } from './setting-references.ts';
import { parseTimeSpanMs } from './time-span.ts';

/** Local runs end a function after 30 minutes unless host.json says otherwise. */
const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const OVERRIDE_PREFIX = /^AzureFunctionsJobHost(?:__|:)/i;

const timeoutSchema = z.string().transform((text, context): number | undefined => {
  if (text === '-1') return undefined;
  const parsedMs = parseTimeSpanMs(text);
  if (parsedMs) return parsedMs;
  context.addIssue({ code: 'custom', message: 'Expected a duration such as "00:10:00", or "-1" for no limit' });
  return z.NEVER;
});

const LOG_LEVELS: Readonly<Record<string, HostLogLevel | 'none'>> = {
  trace: 'debug',
  debug: 'debug',
  information: 'information',
  warning: 'warning',
  error: 'error',
  critical: 'error',
  none: 'none',
};

const hostSchema = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: timeoutSchema.optional(),
  logging: z.looseObject({ logLevel: z.record(z.string(), z.string()).optional() }).default({}),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().max(200).default('api') }).prefault({}),
      durableTask: z.record(z.string(), z.unknown()).default({}),
      queues: queuesSection,
      serviceBus: serviceBusSection,
    })
    .prefault({}),
});

export interface HostJson {
  /** Without slashes at either end; may be empty. */
  readonly routePrefix: string;
  /** Undefined: no limit. */
  readonly functionTimeoutMs: number | undefined;
  /** `logging.logLevel.default`; undefined when it is not set. */
  readonly logLevel: HostLogLevel | 'none' | undefined;
  readonly durableTask: Readonly<Record<string, unknown>>;
  readonly queues: QueuesSection;
  readonly serviceBus: ServiceBusSection;
}

export function readHostJson(scriptRoot: string, settings: Settings): HostJson {
  const path = join(scriptRoot, 'host.json');
  const parsed = hostSchema.safeParse(applyOverrides(readContent(path), settings));
  if (!parsed.success) {
    throw new StartFailure('host-json', `${path} is not valid:\n${z.prettifyError(parsed.error)}\n`, REMEDY);
  }
  const { extensions, logging } = parsed.data;
  return {
    routePrefix: extensions.http.routePrefix.replace(/^\/+|\/+$/g, ''),
    functionTimeoutMs: 'functionTimeout' in parsed.data ? parsed.data.functionTimeout : DEFAULT_TIMEOUT_MS,
    logLevel: LOG_LEVELS[logging.logLevel?.default?.toLowerCase() ?? ''],
    durableTask: resolveSection(path, extensions.durableTask, settings),
    queues: extensions.queues,
    serviceBus: extensions.serviceBus,
  };
}

/** `%NAME%` in the Durable section stands for a setting, which must exist. */
function resolveSection(path: string, section: Record<string, unknown>, settings: Settings): Record<string, unknown> {
  const missing: string[] = [];
  const resolved = resolveReferences(section, settings, (name) => missing.push(name));
  if (missing.length === 0) return resolved as Record<string, unknown>;
  const names = missing.map((name) => `%${name}%`).join(', ');
  const remedy = 'Add them to Values in local.settings.json or to the environment.';
  throw new StartFailure('host-json', `${path} refers to missing settings in durableTask: ${names}.`, remedy);
}

const REMEDY =
  'The smallest valid file is {"version": "2.0"}; see the host.json reference of Azure Functions 2.x and later.';

function readContent(path: string): unknown {
  try {
    return readJsonFile(path);
  } catch (cause) {
    const what = isAbsent(cause) ? `There is no ${path}.` : `${path} cannot be read: ${messageOf(cause)}.`;
    const hint = isAbsent(cause) ? `Point --script-root at a function app folder. ${REMEDY}` : REMEDY;
    throw new StartFailure('host-json', what, hint, { cause });
  }
}

/** Settings `AzureFunctionsJobHost__a__b` replace the value `a.b` of host.json; names compare ignoring case. */
function applyOverrides(content: unknown, settings: Settings): unknown {
  if (!isRecord(content)) return content;
  const result: Record<string, unknown> = structuredClone(content);
  for (const [name, value] of Object.entries(settings)) {
    if (!OVERRIDE_PREFIX.test(name)) continue;
    setDeep(result, name.replace(OVERRIDE_PREFIX, '').split(/__|:/), parseScalar(value));
  }
  return result;
}

function setDeep(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (!head || head === '__proto__') return;
  const key = Object.keys(target).find((name) => name.toLowerCase() === head.toLowerCase()) ?? head;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const existing = target[key];
  const child: Record<string, unknown> = isRecord(existing) ? existing : {};
  target[key] = child;
  setDeep(child, rest, value);
}

/** Configuration values are texts; numbers and booleans of host.json keep their kind when they are overridden. */
function parseScalar(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
