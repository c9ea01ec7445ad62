/** Matches request paths against one parsed template, as ASP.NET Core does: ignoring case, one trailing slash allowed. */
import { parametersOf, type RouteParameter, type RouteSegment } from './route-template.ts';

export type RouteValues = Readonly<Record<string, string>>;

/** Values of the used parameters, or undefined when the path does not fit. An unused optional is left out. */
export type RouteMatcher = (segments: readonly string[]) => RouteValues | undefined;

/** Splits a path into decoded segments; undefined when it cannot be decoded or has empty segments. */
export function splitPath(path: string): readonly string[] | undefined {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  if (trimmed === '') return [];
  const segments = trimmed.split('/');
  if (segments.includes('')) return undefined;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

export function createRouteMatcher(template: readonly RouteSegment[]): RouteMatcher {
  const parameters = parametersOf(template);
  const matchers = template.map(createSegmentMatcher);
  const catchAll = parameters.find(({ isCatchAll }) => isCatchAll);
  return (path) => {
    if (path.length > template.length && !catchAll) return undefined;
    const values: Record<string, string> = {};
    for (const [index, matchSegment] of matchers.entries()) {
      const rest = catchAll && index === matchers.length - 1;
      if (!matchSegment(rest ? path.slice(index).join('/') : path[index], values)) return undefined;
    }
    return parameters.every((parameter) => fits(parameter, values[parameter.name])) ? values : undefined;
  };
}

type SegmentMatcher = (text: string | undefined, values: Record<string, string>) => boolean;

function createSegmentMatcher(segment: RouteSegment): SegmentMatcher {
  const [only] = segment;
  if (segment.length === 1 && only && 'parameter' in only) return createParameterMatcher(only.parameter);
  const parameters = parametersOf([segment]);
  // A greedy middle makes the last literal win, as ASP.NET Core matches such segments from right to left.
  const source = segment.map((part) => ('literal' in part ? escapeRegExp(part.literal) : '(.+)')).join('');
  const pattern = new RegExp(`^${source}$`, 'is');
  return (text, values) => {
    const match = text === undefined ? null : pattern.exec(text);
    for (const [index, { name }] of parameters.entries()) values[name] = match?.[index + 1] ?? '';
    return match !== null;
  };
}

function createParameterMatcher(parameter: RouteParameter): SegmentMatcher {
  return (text, values) => {
    const value = text === undefined || text === '' ? parameter.defaultValue : text;
    if (value === undefined) return parameter.isOptional || parameter.isCatchAll;
    values[parameter.name] = value;
    return true;
  };
}

function fits(parameter: RouteParameter, value: string | undefined): boolean {
  if (value === undefined) return true;
  return parameter.constraints.every((constraint) => constraint(value));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
