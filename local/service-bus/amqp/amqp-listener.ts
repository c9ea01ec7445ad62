/** Accepts AMQP connections on loopback, over TCP or TLS, and keeps track of them until they end. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import rhea, { type Container } from 'rhea';
import type { DevCertificates } from '../../emulator/certificates.ts';
import { ClientConnection, type ClientConnectionOptions } from './client-connection.ts';

const MAX_CONNECTIONS = 200;

export interface AmqpListener {
  readonly port: number;
  connectionCount(): number;
  /** Cuts every connection; returns how many there were. */
  dropConnections(): number;
  stop(): Promise<void>;
}

export interface AmqpListenerOptions extends Omit<ClientConnectionOptions, 'container'> {
  /** 0 picks a free port. */
  readonly port: number;
  readonly tls?: DevCertificates | undefined;
}

/** Fails with the port when it is taken. */
export async function listenForAmqp(options: AmqpListenerOptions): Promise<AmqpListener> {
  const container = createContainer(options.log);
  const connections = new Set<ClientConnection>();
  const accept = (socket: Socket) => {
    socket.setNoDelay(true);
    const connection = new ClientConnection(socket, { ...options, container });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  };
  const server = options.tls
    ? createTlsServer({ cert: options.tls.cert, key: options.tls.key }, accept)
    : createServer(accept);
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options.port);
  const dropConnections = () => {
    const { size } = connections;
    for (const connection of connections) connection.drop();
    return size;
  };
  return {
    port,
    connectionCount: () => connections.size,
    dropConnections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        dropConnections();
      }),
  };
}

/** Credentials are checked on the $cbs node, so every connection is let in; other SDKs ask for MSSBCBS by name. */
function createContainer(log: (line: string) => void): Container {
  const container = rhea.create_container({ id: 'slipway-service-bus' });
  container.sasl_server_mechanisms.enable_anonymous();
  container.sasl_server_mechanisms.MSSBCBS = container.sasl_server_mechanisms.ANONYMOUS;
  container.on('error', (problem: unknown) => log(`A client connection failed: ${String(problem)}`));
  return container;
}

async function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error(`The service-bus emulator cannot listen on 127.0.0.1:${port}: ${String(cause)}`, { cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
