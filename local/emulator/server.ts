/** Starts one emulator's HTTP(S) server on loopback with the control endpoint, Azure-like routing and a clean stop. */
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { DevCertificates } from './certificates.ts';
import type { Clock } from './clock.ts';
import { FaultControl, installFaultControl } from './faults.ts';

export interface EmulatorOptions {
  /** Shown in start errors, for example `azure-ml`. */
  readonly name: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly clock: Clock;
  /** With certificates the server speaks TLS, without plain HTTP. */
  readonly tls?: DevCertificates | undefined;
  /** Largest accepted request body in bytes; 4 MiB unless given. */
  readonly bodyLimitBytes?: number;
  /** Adds the emulator's own routes. */
  readonly register: (app: FastifyInstance) => void | Promise<void>;
}

export interface RunningEmulator {
  readonly name: string;
  readonly port: number;
  /** `https://localhost:<port>` or `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly faults: FaultControl;
  stop(): Promise<void>;
}

const DEFAULT_BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Routes match as Azure matches them: ignoring case and doubled slashes (\@azure/monitor-query 1.3.3 sends
 * `//subscriptions/..`).
 * Fails with the emulator's name and port when the port is taken.
 */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const app = Fastify({
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    routerOptions: {
      caseSensitive: false,
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: 500,
    },
    https: options.tls ? { cert: options.tls.cert, key: options.tls.key } : null,
  } as object) as unknown as FastifyInstance;
  acceptEmptyJson(app);
  const faults = new FaultControl();
  installFaultControl(app, faults, options.clock);
  await options.register(app);
  try {
    await app.listen({ host: '127.0.0.1', port: options.port });
  } catch (cause) {
    throw new Error(`The ${options.name} emulator cannot listen on 127.0.0.1:${options.port}: ${String(cause)}`, {
      cause,
    });
  }
  const port = (app.server.address() as AddressInfo).port;
  const url = options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return { name: options.name, port, url, faults, stop: () => app.close() };
}

/** Azure SDKs send `content-type: application/json` without a body on POST and DELETE; that is an absent body here. */
function acceptEmptyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(/^application\/([a-z0-9.-]+\+)?json/, { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(Object.assign(new Error('The request body is not valid JSON.'), { statusCode: 400 }), undefined);
    }
  });
}
