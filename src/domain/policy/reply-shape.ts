/** Compares a reply with the shape that a policy expects; every difference is told with its path. */
import { assertNever } from '../assert-never.ts';
import type { ReplyShape } from './policy.ts';

const MAX_PROBLEMS = 5;
const MAX_ELEMENTS = 10_000;

/** At most five sentences such as `predictions[0] should be a number but is a string`; none when the reply fits. */
export function shapeProblems(reply: unknown, shape: ReplyShape): readonly string[] {
  return problemsAt(reply, shape, 'the reply').slice(0, MAX_PROBLEMS);
}

function problemsAt(value: unknown, shape: ReplyShape, path: string): readonly string[] {
  switch (shape.type) {
    case 'array':
      return arrayProblems(value, shape, path);
    case 'object':
      return objectProblems(value, shape, path);
    case 'number':
      return Number.isFinite(value) ? [] : [differs(path, 'a number', value)];
    case 'string':
    case 'boolean':
      return typeof value === shape.type ? [] : [differs(path, `a ${shape.type}`, value)];
    default:
      return assertNever(shape);
  }
}

function arrayProblems(value: unknown, shape: ReplyShape & { type: 'array' }, path: string): readonly string[] {
  if (!Array.isArray(value)) return [differs(path, 'an array', value)];
  const minItems = shape.minItems ?? 0;
  if (value.length < minItems) return [`${path} should have at least ${minItems} elements but has ${value.length}`];
  const problems: string[] = [];
  for (const [index, element] of value.slice(0, MAX_ELEMENTS).entries()) {
    problems.push(...problemsAt(element, shape.items, `${path}[${index}]`));
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems;
}

function objectProblems(value: unknown, shape: ReplyShape & { type: 'object' }, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [differs(path, 'an object', value)];
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.entries(shape.properties).flatMap(([name, wanted]) =>
    members.has(name) ? problemsAt(members.get(name), wanted, `${path}.${name}`) : [`${path}.${name} is missing`],
  );
}

function differs(path: string, wanted: string, value: unknown): string {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `of type ${typeof value}`;
  return `${path} should be ${wanted} but is ${kind}`;
}
