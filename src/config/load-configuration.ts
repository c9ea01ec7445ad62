/** Reads settings and policies once at start; throws one ConfigurationError that lists every problem of both. */
import { resolve } from 'node:path';
import type { Policies } from '../domain/policy/policies.ts';
import { ConfigurationError } from './configuration-error.ts';
import { readPolicies } from './policy-folder.ts';
import { type Environment, readSettings, type Settings } from './settings.ts';

export interface Configuration {
  readonly settings: Settings;
  readonly policies: Policies;
}

export function loadConfiguration(environment: Environment, appRoot: string): Configuration {
  const settings = readSettings(environment, appRoot);
  const folder = settings.ok
    ? settings.settings.policiesFolder
    : resolve(appRoot, environment.SLIPWAY_POLICIES || 'policies');
  const policies = readPolicies(folder);
  if (settings.ok && policies.ok) return Object.freeze({ settings: settings.settings, policies: policies.policies });
  throw new ConfigurationError([...(settings.ok ? [] : settings.problems), ...(policies.ok ? [] : policies.problems)]);
}
