/** Azurite over TLS in a folder of its own, trusted by this process; for the adapters and emulators that keep their state there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevCertificates, ensureDevCertificates } from '../local/emulator/certificates.ts';
import { openProcessBook } from '../local/stack/processes/process-book.ts';
import { type RunningAzurite, startAzurite } from '../local/stack/processes/start-azurite.ts';
import { trustDevCa } from '../local/stack/trust-dev-ca.ts';

export interface AzuriteFixture extends RunningAzurite {
  readonly tls: DevCertificates;
  stop(): Promise<void>;
}

export async function openAzurite(): Promise<AzuriteFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-azurite-'));
  const tls = await ensureDevCertificates(join(folder, 'tls'));
  trustDevCa(tls.ca);
  const book = openProcessBook(folder, () => undefined);
  const azurite = await startAzurite({ tls, book, cwd: folder });
  return {
    ...azurite,
    tls,
    async stop() {
      await azurite.process.stop();
      book.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
