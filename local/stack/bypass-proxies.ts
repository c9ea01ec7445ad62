/** Keeps HTTP clients of this process from sending loopback requests to a proxy that the environment names. */

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1'];

/** Has to run before the first SDK client is made: the SDKs read NO_PROXY once. */
export function bypassProxies(): void {
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const known = (process.env[name] ?? '').split(',').filter((host) => host !== '');
    process.env[name] = [...new Set([...known, ...LOOPBACK_HOSTS])].join(',');
  }
}
