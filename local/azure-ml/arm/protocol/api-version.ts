/** Decides which api-version a call speaks and which members that version knows. */
import { ArmError } from './arm-error.ts';

/** Stable versions of Microsoft.MachineLearningServices (Azure/azure-rest-api-specs). */
const STABLE_VERSIONS = [
  '2022-05-01',
  '2022-10-01',
  '2023-04-01',
  '2023-10-01',
  '2024-04-01',
  '2024-10-01',
  '2025-04-01',
  '2025-06-01',
  '2025-09-01',
] as const;

const LAST_WITHOUT_NEWER_MEMBERS = '2022-10-01';

export interface ApiVersion {
  readonly text: string;
  /** True when `mirrorTraffic`, `dataCollector`, `stage` and asset provisioning states exist in this version. */
  readonly hasNewerMembers: boolean;
}

/** Fails as ARM does when the parameter is missing or names no supported version. */
export function requireApiVersion(text: string | undefined): ApiVersion {
  if (!text) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The query has no api-version, which every request needs. Add ?api-version=<version>.',
    );
  }
  if (!STABLE_VERSIONS.some((version) => version === text)) {
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${text}' is not supported here. Supported are ${STABLE_VERSIONS.join(', ')}.`,
    );
  }
  return { text, hasNewerMembers: text > LAST_WITHOUT_NEWER_MEMBERS };
}
