/** Model servers for router tests: plain node:http servers that a test steers and can break. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeploymentSpec } from '../../../../local/azure-ml/seams/serving-plane.ts';
import type { InstanceLauncher } from '../../../../local/azure-ml/serving/process/instance-launcher.ts';

export type Respond = (body: string, response: ServerResponse, request: IncomingMessage) => void;

export class Backend {
  readonly spec: DeploymentSpec;
  readonly bodies: string[] = [];
  origin = '';
  ready = true;
  stopped = false;
  crash: (ending: string) => void = () => undefined;

  constructor(spec: DeploymentSpec) {
    this.spec = spec;
  }
}

/** Starts a backend per instance; `backends` lists them in order of their start. */
export class BackendLauncher implements InstanceLauncher {
  readonly backends: Backend[] = [];
  /** How `POST /score` is answered; the default tells the deployment's name. */
  respond: Respond | undefined;
  /** Whether backends that start now answer their probes. */
  ready = true;

  of(deploymentName: string): readonly Backend[] {
    return this.backends.filter(({ spec }) => spec.deploymentName === deploymentName);
  }

  async launch(spec: DeploymentSpec) {
    const backend = new Backend(spec);
    backend.ready = this.ready;
    this.backends.push(backend);
    const server = createServer((request, response) => this.#answer(backend, request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const exited = new Promise<string>((resolve) => {
      backend.crash = (ending) => {
        close(server);
        resolve(ending);
      };
    });
    const stop = async () => {
      backend.stopped = true;
      close(server);
    };
    backend.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin: backend.origin, exited, stop };
  }

  #answer(backend: Backend, request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/') {
      response.writeHead(backend.ready ? 200 : 500).end();
      return;
    }
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      backend.bodies.push(body);
      if (this.respond) this.respond(body, response, request);
      else response.end(JSON.stringify(backend.spec.deploymentName));
    });
  }
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}
