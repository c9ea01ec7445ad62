/** Decides which blobs the app may read with its identity: those of Azure's own blob services, and of the configured endpoints. */

const AZURE_BLOB_HOST = /^[a-z0-9]{3,24}\.blob\.core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/;

export interface BlobPlace {
  /** Address of the container. */
  readonly containerUrl: string;
  /** Name of the blob, or prefix of names; not escaped. */
  readonly path: string;
}

/** Null when it may not be read. `endpoints` are addresses of blob services without a trailing slash. */
export function allowedBlob(blobUrl: string, endpoints: readonly string[]): BlobPlace | null {
  const url = URL.parse(blobUrl);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.search !== '') return null;
  const endpoint =
    AZURE_BLOB_HOST.test(url.hostname) && url.port === ''
      ? url.origin
      : endpoints.find((known) => url.href.startsWith(`${known}/`));
  if (!endpoint) return null;
  const [container = '', ...rest] = url.href.slice(endpoint.length + 1).split('/');
  if (!/^[a-z0-9$][a-z0-9-]{1,62}$/.test(container) || rest.length === 0) return null;
  return { containerUrl: `${endpoint}/${container}`, path: rest.map(decodeURIComponent).join('/') };
}
