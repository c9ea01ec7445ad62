/** The storage adapters against Azurite over TLS, by token: the contracts, the row layout, and what is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureDevCertificates } from '../../../../local/emulator/certificates.ts';
import { openProcessBook, type ProcessBook } from '../../../../local/stack/processes/process-book.ts';
import { type RunningAzurite, startAzurite } from '../../../../local/stack/processes/start-azurite.ts';
import { trustDevCa } from '../../../../local/stack/trust-dev-ca.ts';
import { createAuditLog } from '../../../../src/adapters/storage/create-audit-log.ts';
import { createEvidenceStore } from '../../../../src/adapters/storage/create-evidence-store.ts';
import { tableKey } from '../../../../src/adapters/storage/table-key.ts';
import { describeAuditLog, describeEvidenceStore, EVENT, RECORD } from '../records-contract.ts';
import { testCredential } from '../token-credential.ts';

let folder: string;
let book: ProcessBook;
let azurite: RunningAzurite;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-storage-'));
  const tls = await ensureDevCertificates(join(folder, 'tls'));
  trustDevCa(tls.ca);
  book = openProcessBook(folder, () => undefined);
  azurite = await startAzurite({ tls, book, cwd: folder });
});
afterAll(async () => {
  await azurite.process.stop();
  book.close();
  rmSync(folder, { recursive: true });
});

describeAuditLog('table storage', () => createAuditLog(azurite.tableUrl, testCredential));
describeEvidenceStore('blob storage', () => createEvidenceStore(azurite.blobUrl, testCredential));

describe('the storage adapters', () => {
  test('a second process finds tables and container in place', async () => {
    const record = { ...RECORD, rolloutId: 'rollout.second' };
    await createAuditLog(azurite.tableUrl, testCredential).append(record);
    expect(await createAuditLog(azurite.tableUrl, testCredential).listRollout('rollout.second')).toEqual([record]);
    await createEvidenceStore(azurite.blobUrl, testCredential).put('second/a.json', 1);
    expect(await createEvidenceStore(azurite.blobUrl, testCredential).get('second/a.json')).toBe(1);
  });

  test('an audit row can be read by its rollout and sequence, one column per member', async () => {
    await createAuditLog(azurite.tableUrl, testCredential).append({ ...RECORD, rolloutId: 'rollout.row' });
    const table = new TableClient(azurite.tableUrl, 'SlipwayAudit', testCredential);
    expect(await table.getEntity('rollout.row', '0000000001')).toMatchObject({
      rolloutId: 'rollout.row',
      sequence: 1,
      phase: 'preparing',
      split: '{"traffic":{"blue":100},"mirror":{}}',
    });
  });

  test('a very long reason is cut instead of being refused', async () => {
    const audit = createAuditLog(azurite.tableUrl, testCredential);
    await audit.append({ ...RECORD, rolloutId: 'rollout.long', reason: 'é'.repeat(40_000) });
    expect((await audit.listRollout('rollout.long'))[0]?.reason).toBe('é'.repeat(30_000));
  });

  test('the same event id is recorded once even when many copies arrive together', async () => {
    const audit = createAuditLog(azurite.tableUrl, testCredential);
    const event = { ...EVENT, eventId: 'five-copies' };
    const firsts = await Promise.all(Array.from({ length: 5 }, () => audit.recordEvent(event)));
    expect(firsts.filter((first) => first)).toHaveLength(1);
  });

  test.each(['', 'no-folder.json', '../x/y.json', 'a/b/c.json', 'a/ü.json'])(
    'evidence named "%s" is refused',
    async (name) => {
      const store = createEvidenceStore(azurite.blobUrl, testCredential);
      await expect(store.put(name, {})).rejects.toThrow(/no name for evidence/);
      await expect(store.get(name)).rejects.toThrow(/no name for evidence/);
    },
  );

  test('evidence above a mebibyte is refused', async () => {
    const store = createEvidenceStore(azurite.blobUrl, testCredential);
    await expect(store.put('a/large.json', 'x'.repeat(1024 * 1024))).rejects.toThrow(/larger than/);
  });
});

describe('tableKey', () => {
  test('plain ids stay readable, everything else is escaped without collisions', () => {
    expect(tableKey('rollout.flights.air-time.2.1')).toBe('rollout.flights.air-time.2.1');
    expect(tableKey('a/b')).toBe('a_002fb');
    expect(tableKey('a_002fb')).not.toBe(tableKey('a/b'));
    expect(tableKey('x'.repeat(5000))).toHaveLength(400);
    expect(tableKey('x'.repeat(5000))).not.toBe(tableKey('x'.repeat(5001)));
  });
});
