/** Counts the HTTP requests that this process sends (Node's diagnostics channel `http.client.request.start`). */
import { subscribe } from 'node:diagnostics_channel';

let reads = 0;
let writes = 0;

subscribe('http.client.request.start', (message) => {
  const request = (message as { request: { method?: string } }).request;
  if (request.method === 'GET' || request.method === 'HEAD') reads += 1;
  else writes += 1;
});

export function storageRequests(): { readonly reads: number; readonly writes: number } {
  return { reads, writes };
}
