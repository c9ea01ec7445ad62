/** State of one online deployment. */

import type { StringMap } from '../protocol/string-map.ts';
import type { SystemData } from '../protocol/system-data.ts';
import type { DeploymentBody } from './deployment-schema.ts';
import type { ProvisioningState } from './provisioning-state.ts';

/** What a PUT of the deployment sets, defaults filled in. */
export interface DeploymentSettings {
  readonly tags: StringMap;
  readonly kind?: string | null | undefined;
  readonly identity?: unknown;
  readonly instanceCount: number;
  readonly properties: DeploymentBody['properties'];
}

export interface DeploymentRecord {
  readonly name: string;
  readonly location: string;
  settings: DeploymentSettings;
  state: ProvisioningState;
  /** True from its first success on: only then it can take traffic. */
  wasReady: boolean;
  systemData: SystemData;
  operationUrl?: string;
  /** What copying the artefacts reported, line by line. */
  storageLog: readonly string[];
  /** Folder of the copies that the running instances use. */
  folder?: string;
}
