/** Branded names of the things a rollout touches, and the rules for the ones that Slipway makes up. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type EndpointName = Branded<'EndpointName'>;
export type DeploymentName = Branded<'DeploymentName'>;
export type ModelName = Branded<'ModelName'>;
export type ModelVersion = Branded<'ModelVersion'>;
export type RolloutId = Branded<'RolloutId'>;

const MAX_SLUG_LENGTH = 23;
const MAX_INSTANCE_ID_LENGTH = 200;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a of the text's UTF-16 code units as 8 hex digits; spreads names, protects nothing. */
export function hashHex(text: string): string {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

/**
 * Name of the deployment that serves one model version: slug of the model cut to 23 characters, a dash, 8 hex digits of
 * the version. Fits Azure ML's rule for online deployments (3-32 characters, starts with a letter, single dashes).
 */
export function deploymentNameOf(model: ModelName, version: ModelVersion): DeploymentName {
  const slug = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/-+$/, '');
  return `${slug || 'model'}-${hashHex(`${model}:${version}`)}` as DeploymentName;
}

/** What one rollout attempt is about; the instance id is made from it, so the same version is never rolled out twice at once. */
export interface RolloutKey {
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly version: ModelVersion;
  /** 1 for the first attempt; each retry adds one. */
  readonly attempt: number;
}

/** `rollout.<endpoint>.<model>.<version>.<attempt>`; over 200 characters the middle is replaced by its hashes. */
export function rolloutIdOf(key: RolloutKey): RolloutId {
  const plain = `rollout.${key.endpoint}.${key.model}.${key.version}.${key.attempt}`;
  if (plain.length <= MAX_INSTANCE_ID_LENGTH && /^[A-Za-z0-9._-]+$/.test(plain)) return plain as RolloutId;
  const middle = `${key.endpoint}.${key.model}.${key.version}`;
  const readable = middle.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 120);
  return `rollout.${readable}.${hashHex(middle)}${hashHex(`${middle}#`)}.${key.attempt}` as RolloutId;
}
