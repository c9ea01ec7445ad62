/** Asks the library for its capabilities and keeps the proxy server that streaming makes it open on loopback only. */
import { Server } from 'node:net';
import type { ProgrammingModel } from './core-types.ts';

export interface LibraryServers {
  readonly capabilities: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

type Listen = (this: Server, ...args: unknown[]) => Server;

/**
 * The library calls `listen` without an address, which would open its proxy on every interface. While it starts,
 * a `listen` without an address means 127.0.0.1.
 */
export async function startLibraryServers(
  model: ProgrammingModel,
  defaults: Record<string, string>,
): Promise<LibraryServers> {
  const opened: Server[] = [];
  const prototype = Server.prototype as unknown as { listen: Listen };
  const original = prototype.listen;
  prototype.listen = function listen(first, ...rest) {
    opened.push(this);
    if (typeof first === 'object' && first !== null) return original.call(this, first, ...rest);
    const port = typeof first === 'number' ? first : 0;
    const callback = [first, ...rest].find((argument) => typeof argument === 'function');
    return original.call(this, { host: '127.0.0.1', port }, callback);
  };
  try {
    const capabilities = (await model.getCapabilities?.(defaults)) ?? defaults;
    return { capabilities, close: () => closeAll(opened) };
  } finally {
    prototype.listen = original;
  }
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
        server.closeAllConnections();
      }
      return closed;
    }),
  );
}
