/** Start: settings and policies are judged together, across files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../src/config/configuration-error.ts';
import { loadConfiguration } from '../../../src/config/load-configuration.ts';
import { readPolicies } from '../../../src/config/policy-folder.ts';

const POLICY = (name: string, endpoint: string) => `
name: ${name}
endpoint: ${endpoint}
model: scores
deployment: {environment: "azureml:env:1", code: "azureml:code:1", scoringScript: score.py, instanceType: Standard_DS3_v2}
smokeTest: {requests: [{name: one, body: 1, expect: {type: number}}]}
`;

describe('configuration', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-policies-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('every policy of the folder is read in order of file name, other files are left alone', () => {
    writeFileSync(join(folder, 'b.yaml'), POLICY('second', 'endpoint-b'));
    writeFileSync(join(folder, 'a.yml'), POLICY('first', 'endpoint-a'));
    writeFileSync(join(folder, 'README.md'), 'no policy');
    const reading = readPolicies(folder);
    expect(reading.ok && reading.policies.all().map(({ name }) => name)).toEqual(['first', 'second']);
  });

  test('two policies for one model on one endpoint, and a name used twice, are refused', () => {
    writeFileSync(join(folder, 'a.yaml'), POLICY('same', 'endpoint-a'));
    writeFileSync(join(folder, 'b.yaml'), POLICY('same', 'endpoint-a'));
    expect(readPolicies(folder)).toEqual({
      ok: false,
      problems: [
        { where: 'b.yaml', what: 'name "same" is taken by a.yaml' },
        { where: 'b.yaml', what: 'model scores on endpoint endpoint-a is governed by a.yaml already' },
      ],
    });
  });

  test.each([
    ['an empty folder', ''],
    ['a folder that does not exist', 'absent'],
  ])('%s is refused', (_case, name) => {
    expect(readPolicies(join(folder, name))).toMatchObject({
      ok: false,
      problems: [{ what: expect.stringMatching(/SLIPWAY_POLICIES/) }],
    });
  });

  test('faults of settings and of two policies come in one error', () => {
    writeFileSync(join(folder, 'a.yaml'), POLICY('first', '1'));
    writeFileSync(join(folder, 'b.yaml'), 'name: second');
    const load = () => loadConfiguration({ SLIPWAY_POLICIES: folder, SLIPWAY_WORKSPACE: '!' }, '/app');
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(/SLIPWAY_WORKSPACE: must be.*a\.yaml:3:11: endpoint.*b\.yaml:1:1: deployment is missing/s);
  });
});
