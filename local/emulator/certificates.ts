/** Makes, once per folder, a development CA and a loopback server certificate signed by it. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** PEM texts of a loopback server and where they lie on disk. */
export interface DevCertificates {
  readonly caPath: string;
  readonly certPath: string;
  readonly keyPath: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const LOOPBACK_NAMES = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
] as const;
const VALID_DAYS = 30;
const RENEW_BEFORE_MS = 24 * 3_600_000;

/** Returns the certificates under `folder`, making new ones when they are absent or about to expire. */
export async function ensureDevCertificates(folder: string, nowMs: number = Date.now()): Promise<DevCertificates> {
  const paths = {
    caPath: join(folder, 'ca.pem'),
    certPath: join(folder, 'cert.pem'),
    keyPath: join(folder, 'key.pem'),
    expiryPath: join(folder, 'expires.txt'),
  };
  const usable = existsSync(paths.expiryPath) && Number(await readFile(paths.expiryPath, 'utf8')) > nowMs;
  if (!usable) await makeCertificates(folder, paths, nowMs);
  const [ca, cert, key] = await Promise.all([
    readFile(paths.caPath, 'utf8'),
    readFile(paths.certPath, 'utf8'),
    readFile(paths.keyPath, 'utf8'),
  ]);
  return { caPath: paths.caPath, certPath: paths.certPath, keyPath: paths.keyPath, ca, cert, key };
}

async function makeCertificates(
  folder: string,
  paths: { caPath: string; certPath: string; keyPath: string; expiryPath: string },
  nowMs: number,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const validity = { notBeforeDate: new Date(nowMs - 60_000), notAfterDate: new Date(nowMs + VALID_DAYS * 86_400_000) };
  const ca = await generate([{ name: 'commonName', value: 'Slipway development CA' }], {
    ...validity,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...validity,
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...LOOPBACK_NAMES] },
    ],
  });
  await writeFile(paths.caPath, ca.cert);
  await writeFile(paths.certPath, leaf.cert);
  await writeFile(paths.keyPath, leaf.private, { mode: 0o600 });
  await writeFile(paths.expiryPath, String(nowMs + VALID_DAYS * 86_400_000 - RENEW_BEFORE_MS));
}
