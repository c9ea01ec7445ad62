/** Development certificates are made once, renewed in time, and really verify. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../local/emulator/certificates.ts';
import { systemClock } from '../../../local/emulator/clock.ts';
import { startEmulator } from '../../../local/emulator/server.ts';

const DAY_MS = 86_400_000;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the certificate covers localhost and 127.0.0.1 and chains to the CA', async () => {
  const { ca, cert } = await ensureDevCertificates(folder);
  const leaf = new X509Certificate(cert);
  const root = new X509Certificate(ca);
  expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
  expect(leaf.checkHost('localhost')).toBe('localhost');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect([root.ca, leaf.ca]).toEqual([true, false]);
});

test('the private key is readable by its owner only', async () => {
  const { keyPath } = await ensureDevCertificates(folder);
  expect((await stat(keyPath)).mode & 0o077).toBe(0);
});

test('certificates are kept until a day before they expire, then made anew', async () => {
  const nowMs = Date.now();
  const first = await ensureDevCertificates(folder, nowMs);
  expect((await ensureDevCertificates(folder, nowMs + 28 * DAY_MS)).cert).toBe(first.cert);
  expect((await ensureDevCertificates(folder, nowMs + 29.5 * DAY_MS)).cert).not.toBe(first.cert);
});

test('an emulator with them serves TLS to clients that trust the CA, and to no others', async () => {
  const tls = await ensureDevCertificates(folder);
  const emulator = await startEmulator({
    name: 'tls',
    port: 0,
    clock: systemClock,
    tls,
    register: (app) => void app.get('/', async () => 'hi'),
  });
  const trusting = new Agent({ connect: { ca: tls.ca } });
  const stranger = new Agent();
  expect(await (await fetch(emulator.url, { dispatcher: trusting })).text()).toBe('hi');
  await expect(fetch(emulator.url, { dispatcher: stranger })).rejects.toThrow();
  await expect(fetch(emulator.url.replace('https', 'http'))).rejects.toThrow();
  await Promise.all([trusting.close(), stranger.close(), emulator.stop()]);
});
