/** Stops what was started, last first; one that fails to stop never keeps the others running. */

export interface Stoppable {
  stop(): Promise<void>;
}

export interface StopList {
  /** Returns `service`, so that starting and remembering is one expression. */
  add<T extends Stoppable>(name: string, service: T): T;
  /** Safe to call again; later calls wait for the first. */
  stop(): Promise<void>;
}

export function createStopList(log: (line: string) => void): StopList {
  const services: { name: string; service: Stoppable }[] = [];
  const stopAll = async () => {
    for (const { name, service } of services.reverse()) {
      await service.stop().catch((error: unknown) => log(`${name} did not stop cleanly: ${String(error)}`));
    }
  };
  let stopping: Promise<void> | undefined;
  return {
    add(name, service) {
      services.push({ name, service });
      return service;
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
