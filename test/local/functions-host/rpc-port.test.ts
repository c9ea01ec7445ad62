/** The port of the Durable RPC endpoint. */
import { expect, test } from 'vitest';
import { openRpcServer } from '../../../local/functions-host/http/durable-api.ts';
import { openLoopbackServer } from '../../../local/functions-host/http/loopback-server.ts';

const WELL_KNOWN_PORT = 17_071;

/** Makes sure that the port is taken, by this test or by whoever has it already. */
async function occupy(port: number): Promise<() => Promise<void>> {
  try {
    return (await openLoopbackServer(port, () => undefined)).stop;
  } catch {
    return async () => undefined;
  }
}

test('when the well-known port is taken, another of 30000 to 31000 is used', async () => {
  const release = await occupy(WELL_KNOWN_PORT);
  const server = await openRpcServer(undefined, () => undefined, Math.random);
  try {
    expect(server.port).toBeGreaterThanOrEqual(30_000);
    expect(server.port).toBeLessThanOrEqual(31_000);
  } finally {
    await server.stop();
    await release();
  }
});

test('when all tried ports are taken, the failure names the option', async () => {
  const releases = [await occupy(WELL_KNOWN_PORT), await occupy(30_500)];
  try {
    await expect(
      openRpcServer(
        undefined,
        () => undefined,
        () => 0.5,
      ),
    ).rejects.toThrow('Choose one with --rpc-port.');
  } finally {
    for (const release of releases) await release();
  }
});

test('a port that was asked for and is taken is not replaced', async () => {
  const taken = await openLoopbackServer(0, () => undefined);
  try {
    await expect(openRpcServer(taken.port, () => undefined, Math.random)).rejects.toThrow(`Port ${taken.port}`);
  } finally {
    await taken.stop();
  }
});
