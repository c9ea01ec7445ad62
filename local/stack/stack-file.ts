/** Writes what a person or tool needs to use the running stack; only its owner can read it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Addresses } from './addresses.ts';

export interface StackFileContent {
  readonly startedAtIso: string;
  readonly processId: number;
  readonly addresses: Addresses;
  readonly workspaceArmId: string;
  readonly logAnalyticsWorkspaceId: string;
  /** Trust this to call the https addresses: NODE_EXTRA_CA_CERTS. */
  readonly caPath: string;
  /** For DefaultAzureCredential: IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly identity: { readonly endpoint: string; readonly header: string };
  readonly storageConnectionString: string;
  readonly serviceBusConnectionString: string;
  /** The app's SLIPWAY_TOKEN_SECRET, random at each start: `npm run token` signs operator tokens with it. */
  readonly tokenSecret: string;
  /** Key of the app's Event Grid topic. */
  readonly topicKey: string;
  readonly policiesFolder: string;
  readonly hostLogPath?: string;
}

/** Returns the function that removes the file again. */
export function writeStackFile(folder: string, content: StackFileContent): () => void {
  const path = join(folder, 'stack.json');
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  return () => rmSync(path, { force: true });
}
