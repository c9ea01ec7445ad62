/** Loopback is added to what the environment exempts from proxies already. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bypassProxies } from '../../../local/stack/bypass-proxies.ts';

beforeEach(() => {
  vi.stubEnv('NO_PROXY', 'intranet,localhost');
  vi.stubEnv('no_proxy', '');
});
afterEach(() => vi.unstubAllEnvs());

test('known exemptions stay, loopback comes once', () => {
  bypassProxies();
  bypassProxies();
  expect(process.env.NO_PROXY).toBe('intranet,localhost,127.0.0.1');
  expect(process.env.no_proxy).toBe('localhost,127.0.0.1');
});
