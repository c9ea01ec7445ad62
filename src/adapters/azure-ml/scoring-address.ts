/** Decides which scoring addresses the app may call: Azure ML's own hosts, and the hosts of a setting, by https only. */

const AZURE_ML_HOST = /^[a-z0-9-]+\.[a-z0-9-]+\.inference\.ml\.azure\.com$/;

/** The address to call, or null when it may not be called. `allowedHosts` are `host:port` in lower case. */
export function allowedScoringUrl(uri: string, allowedHosts: readonly string[]): URL | null {
  const url = URL.parse(uri);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return null;
  const port = url.port === '' ? '443' : url.port;
  if (AZURE_ML_HOST.test(url.hostname) && port === '443') return url;
  return allowedHosts.includes(`${url.hostname}:${port}`) ? url : null;
}
