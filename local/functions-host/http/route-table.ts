/**
 * Chooses the function for a request.
 *
 * Routes are tried in the order of the functions' names ignoring case, and the first whose template, constraints and
 * methods all fit wins; a literal has no precedence over a parameter. That is what the real host does
 * (azure-functions-host `FunctionMetadataManager`, azure-webjobs-sdk-extensions `WebJobsRouteBuilder`).
 */
import { z } from 'zod';
import type { FunctionDefinition } from '../seams/invocation.ts';
import { messageOf, StartFailure } from '../seams/start-failure.ts';
import { createRouteMatcher, type RouteMatcher, type RouteValues, splitPath } from './route-matcher.ts';
import { parseRouteTemplate } from './route-template.ts';

const bindingSchema = z.looseObject({
  type: z.literal('httpTrigger'),
  route: z.string().optional(),
  methods: z.array(z.string()).optional(),
});

export interface HttpRoute {
  readonly functionName: string;
  /** Upper case; empty: every method. */
  readonly methods: readonly string[];
  /** With the prefix, without a leading slash: `api/items/{id}`. */
  readonly template: string;
  readonly match: RouteMatcher;
}

export interface RouteMatch {
  readonly functionName: string;
  readonly values: RouteValues;
}

/** Fails with the function and the reason when a template is not valid. */
export function createRoutes(functions: readonly FunctionDefinition[], prefix: string): readonly HttpRoute[] {
  return functions.flatMap((definition) => {
    const trigger = Object.values(definition.bindings).find(({ type }) => type === 'httpTrigger');
    return trigger ? [createRoute(definition.name, bindingSchema.parse(trigger), prefix)] : [];
  });
}

export function findRoute(routes: readonly HttpRoute[], method: string, path: string): RouteMatch | undefined {
  const segments = splitPath(path);
  if (!segments) return undefined;
  for (const route of routes) {
    if (route.methods.length > 0 && !route.methods.includes(method)) continue;
    const values = route.match(segments);
    if (values) return { functionName: route.functionName, values };
  }
  return undefined;
}

function createRoute(functionName: string, trigger: z.infer<typeof bindingSchema>, prefix: string): HttpRoute {
  const own = (trigger.route || functionName).replace(/^\//, '');
  const template = prefix === '' ? own : `${prefix}/${own}`;
  try {
    return {
      functionName,
      methods: (trigger.methods ?? []).map((method) => method.toUpperCase()),
      template,
      match: createRouteMatcher(parseRouteTemplate(template)),
    };
  } catch (cause) {
    const what = `The route "${template}" of function ${functionName} is not valid: ${messageOf(cause)}.`;
    throw new StartFailure('route', what, 'Correct "route" in the function, or "routePrefix" in host.json.', { cause });
  }
}
