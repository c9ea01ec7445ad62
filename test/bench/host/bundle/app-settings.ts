/** Settings with which the real bundle starts: the sample's values, a secret, and the example's policy. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../../..');
const EXAMPLE_FILES = ['policy.yaml', 'job.yml'];

/** The policies lie in a new folder, which is the caller's to remove. */
export function appSettings(): { readonly settings: Readonly<Record<string, string>>; readonly policies: string } {
  const sample = JSON.parse(readFileSync(join(ROOT, 'local.settings.sample.json'), 'utf8'));
  const policies = mkdtempSync(join(tmpdir(), 'bench-policies-'));
  for (const file of EXAMPLE_FILES) cpSync(join(ROOT, 'examples/flights', file), join(policies, file));
  return {
    settings: {
      ...sample.Values,
      SLIPWAY_TOKEN_SECRET: Buffer.alloc(48, 7).toString('base64'),
      SLIPWAY_POLICIES: policies,
    },
    policies,
  };
}
