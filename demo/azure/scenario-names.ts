/** Names of the demo's Azure resources, as the files of examples/flights say them. */

export const ENDPOINT = 'flights';
export const MODEL = 'flights-air-time';
/** Code asset whose versions the model's tag `scoring-code` names. */
export const CODE = 'flights-scoring';
export const FIRST_DEPLOYMENT = 'flights-blue';

/** Id of the first attempt to roll out a version. */
export function rolloutIdOf(version: string): string {
  return `rollout.${ENDPOINT}.${MODEL}.${version}.1`;
}
