/**
 * Decides where the workspace's tracking server may be asked. The workspace names it `azureml://<host>/mlflow/v1.0/...`; over
 * REST it is the same with https ("Configure MLflow for Azure Machine Learning"; azureml-mlflow makes the same change).
 */

const AZURE_ML_HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:api\.azureml\.ms|api\.ml\.azure\.(?:cn|us))$/;

/** The https address without a trailing slash, or null when it may not be called. `allowedHosts` are `host:port` in lower case. */
export function allowedTrackingUrl(uri: string, allowedHosts: readonly string[]): string | null {
  const url = URL.parse(uri.replace(/^azureml:\/\//i, 'https://'));
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.search !== '') return null;
  const port = url.port === '' ? '443' : url.port;
  const isAllowed =
    (AZURE_ML_HOST.test(url.hostname) && port === '443') || allowedHosts.includes(`${url.hostname}:${port}`);
  return isAllowed ? url.href.replace(/\/+$/, '') : null;
}
