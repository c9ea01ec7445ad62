/** Refuses names that Azure Machine Learning refuses. */
import { ArmError } from './arm-error.ts';

const RESOURCE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$/;
const VERSION_NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_.]{0,254}$/;
const SERVING_NAME = /^[a-zA-Z](?:-?[a-zA-Z0-9])+$/;

/** Containers of assets and datastores (pattern of the published client). */
export function requireResourceName(name: string): void {
  require(RESOURCE_NAME, name, 'letters, digits, dashes and underscores, 1 to 255 characters, no dot');
}

export function requireVersionName(version: string): void {
  require(VERSION_NAME, version, 'letters, digits, dots, dashes and underscores, 1 to 255 characters');
}

/** Endpoints and deployments ("Manage and increase quotas": 3-32, letters, digits and single dashes). */
export function requireServingName(name: string): void {
  require(SERVING_NAME, name.length >= 3 && name.length <= 32
    ? name
    : '', 'begins with a letter, then letters, digits and single dashes, 3 to 32 characters', name);
}

function require(pattern: RegExp, checked: string, rule: string, shown: string = checked): void {
  if (pattern.test(checked)) return;
  throw new ArmError(400, 'BadRequest', `The name '${shown}' is not allowed. The rule: ${rule}.`, [
    { code: 'InvalidName', message: rule, target: 'name' },
  ]);
}
