/** Refuses names that Azure Machine Learning refuses. */
import { badRequest } from './arm-error.ts';

const RESOURCE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$/;
const VERSION_NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_.]{0,254}$/;
const SERVING_NAME = /^[a-zA-Z](?:-?[a-zA-Z0-9])+$/;

/** Containers of assets and datastores (pattern of the published client). */
export function requireResourceName(name: string): void {
  if (RESOURCE_NAME.test(name)) return;
  refuse(name, 'letters, digits, dashes and underscores, 1 to 255 characters, no dot');
}

export function requireVersionName(version: string): void {
  if (VERSION_NAME.test(version)) return;
  refuse(version, 'letters, digits, dots, dashes and underscores, 1 to 255 characters');
}

/** Endpoints and deployments ("Manage and increase quotas": 3-32, letters, digits and single dashes). */
export function requireServingName(name: string): void {
  if (SERVING_NAME.test(name) && name.length >= 3 && name.length <= 32) return;
  refuse(name, 'begins with a letter, then letters, digits and single dashes, 3 to 32 characters');
}

function refuse(name: string, rule: string): never {
  throw badRequest([{ code: 'InvalidName', message: `The name '${name}' is not allowed: ${rule}.`, target: 'name' }]);
}
