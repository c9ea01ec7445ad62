/** Parses ASP.NET Core route templates: `items/{id:int}`, `{name?}`, `{name=default}`, `{*rest}`, `{a}-{b}.txt`. */
import { parseConstraint, type RouteConstraint } from './route-constraints.ts';

export interface RouteParameter {
  readonly name: string;
  readonly constraints: readonly RouteConstraint[];
  readonly isOptional: boolean;
  readonly isCatchAll: boolean;
  readonly defaultValue: string | undefined;
}

export type RoutePart = { readonly literal: string } | { readonly parameter: RouteParameter };
export type RouteSegment = readonly RoutePart[];

const MAX_TEMPLATE_LENGTH = 1000;

/** Throws with the reason when the template is not valid. */
export function parseRouteTemplate(template: string): readonly RouteSegment[] {
  if (template.length > MAX_TEMPLATE_LENGTH) throw new Error(`it is longer than ${MAX_TEMPLATE_LENGTH} characters`);
  const segments: RoutePart[][] = [[]];
  for (const token of tokenize(template.replace(/^\/|\/$/g, ''))) {
    if (token === '/') segments.push([]);
    else appendPart(segments.at(-1) ?? [], token);
  }
  checkSegments(segments);
  return segments.filter((segment) => segment.length > 0);
}

export function parametersOf(segments: readonly RouteSegment[]): readonly RouteParameter[] {
  return segments.flat().flatMap((part) => ('parameter' in part ? [part.parameter] : []));
}

type Token = '/' | RoutePart;

/** Doubled braces stand for one brace, inside a parameter and outside. */
function* tokenize(template: string): Generator<Token> {
  for (let at = 0; at < template.length; ) {
    const here = template[at] ?? '';
    const pair = template.slice(at, at + 2);
    if (pair === '{{' || pair === '}}') {
      yield { literal: here };
      at += 2;
    } else if (here === '{') {
      const end = endOfParameter(template, at + 1);
      yield { parameter: parseParameter(unescapeBraces(template.slice(at + 1, end))) };
      at = end + 1;
    } else if (here === '}') {
      throw new Error(`there is a "}" without "{" at position ${at}`);
    } else {
      yield here === '/' ? '/' : { literal: here };
      at += 1;
    }
  }
}

function endOfParameter(template: string, from: number): number {
  for (let at = from; at < template.length; at += 1) {
    if (template[at] !== '}') continue;
    if (template[at + 1] !== '}') return at;
    at += 1;
  }
  throw new Error(`the parameter that starts at position ${from - 1} has no "}"`);
}

function unescapeBraces(text: string): string {
  return text.replaceAll('{{', '{').replaceAll('}}', '}');
}

function appendPart(segment: RoutePart[], part: RoutePart): void {
  const last = segment.at(-1);
  if (last && 'literal' in last && 'literal' in part)
    segment[segment.length - 1] = { literal: last.literal + part.literal };
  else segment.push(part);
}

function parseParameter(text: string): RouteParameter {
  const match = /^(\*{0,2})([^:=?*/{}]+)((?::[^(:=?]+(?:\(.*?\)(?=$|[:=?]))?)*)(?:=(.*?))?(\?)?$/s.exec(text);
  if (!match?.[2]) throw new Error(`"{${text}}" is not a route parameter`);
  const constraints = (match[3] ?? '').match(/[^(:]+(?:\(.*?\)(?=$|:))?/gs) ?? [];
  return {
    name: match[2],
    isCatchAll: match[1] !== '',
    constraints: constraints.map(parseConstraint),
    defaultValue: match[4],
    isOptional: match[5] === '?',
  };
}

function checkSegments(segments: readonly RouteSegment[]): void {
  const names = new Set<string>();
  for (const { name } of parametersOf(segments)) {
    if (names.has(name.toLowerCase())) throw new Error(`the parameter "${name}" occurs twice`);
    names.add(name.toLowerCase());
  }
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment.length === 0 && segments.length > 1) throw new Error('it has an empty segment ("//")');
    for (const part of segment) if ('parameter' in part) checkPlace(part.parameter, segment.length === 1, isLast);
  }
}

function checkPlace(parameter: RouteParameter, isAlone: boolean, isLastSegment: boolean): void {
  if (parameter.isCatchAll && !(isAlone && isLastSegment)) {
    throw new Error(`the catch-all "${parameter.name}" must be the whole last segment`);
  }
  if (parameter.isOptional && !isAlone) throw new Error(`the optional "${parameter.name}" must be a whole segment`);
}
