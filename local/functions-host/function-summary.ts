/** Describes the served functions for the start message and for tests. */

import { findTrigger } from './bindings/find-trigger.ts';
import type { HttpRoute } from './http/route-table.ts';
import type { FunctionDefinition } from './seams/invocation.ts';
import { EVENT_GRID_PATH } from './triggers/event-grid-webhook.ts';

export interface FunctionSummary {
  readonly name: string;
  readonly triggerType: string;
  /** For functions that a URL reaches: `GET,POST http://127.0.0.1:7071/api/items/{id}`. */
  readonly address: string | undefined;
}

export function describeFunctions(
  definitions: readonly FunctionDefinition[],
  routes: readonly HttpRoute[],
  url: string,
): readonly FunctionSummary[] {
  return definitions.map((definition) => {
    const triggerType = findTrigger(definition)?.type ?? 'unknown';
    return { name: definition.name, triggerType, address: describeAddress(definition.name, triggerType, routes, url) };
  });
}

function describeAddress(name: string, triggerType: string, routes: readonly HttpRoute[], url: string) {
  if (triggerType === 'eventGridTrigger') return `POST ${url}${EVENT_GRID_PATH}?functionName=${name}`;
  const route = routes.find(({ functionName }) => functionName === name);
  return route && `${route.methods.join(',') || 'ANY'} ${url}/${route.template}`;
}
