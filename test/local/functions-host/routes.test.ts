/** Route templates and constraints, by the rules of ASP.NET Core. */
import { describe, expect, test } from 'vitest';
import { createRouteMatcher, splitPath } from '../../../local/functions-host/http/route-matcher.ts';
import { parseRouteTemplate } from '../../../local/functions-host/http/route-template.ts';

function match(template: string, path: string) {
  const segments = splitPath(path);
  return segments && createRouteMatcher(parseRouteTemplate(template))(segments);
}

const fitting: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['items', '/items', {}],
  ['ITEMS', '/items/', {}],
  ['{id}', '/5', { id: '5' }],
  ['a/{id?}', '/a', {}],
  ['a/{id=none}', '/a', { id: 'none' }],
  ['a/{id:int=7}', '/a', { id: '7' }],
  ['a/{*rest}', '/a/b/c', { rest: 'b/c' }],
  ['a/{**rest}', '/a', {}],
  ['{name}-{version}.zip', '/model-a-2.zip', { name: 'model-a', version: '2' }],
  ['v{major}/x', '/V2/x', { major: '2' }],
  ['{id:regex(^\\d{{3}}-[a-z/]+$)}', '/123-abc', { id: '123-abc' }],
  ['{id:int:min(5):max(9)}', '/9', { id: '9' }],
  ['{{literal}}', '/{literal}', {}],
  ['{text}', '/a%2Fb', { text: 'a/b' }],
];

test.each(fitting)('%s fits %s', (template, path, values) => {
  expect(match(template, path)).toEqual(values);
});

test.each([
  ['items', '/item'],
  ['items', '/items/1'],
  ['{id}', '/'],
  ['a/{id}', '/a'],
  ['a/{id}', '/a//'],
  ['{name}-{version}', '/model'],
  ['{id:int:min(5)}', '/4'],
])('%s does not fit %s', (template, path) => {
  expect(match(template, path)).toBeUndefined();
});

const constraints: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['int', ['0', '-5', '2147483647'], ['2147483648', '1.5', 'x']],
  ['long', ['9223372036854775807'], ['9223372036854775808']],
  ['bool', ['true', 'FALSE'], ['1', 'yes']],
  ['guid', ['0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5bd9cb469fa16570867728950e'], ['0f8fad5b']],
  ['alpha', ['abcXYZ'], ['abc1', 'é']],
  ['decimal', ['1.5', '-3', '.5'], ['1e5', 'x']],
  ['double', ['1e5', '1.5'], ['one']],
  ['float', ['-1.5'], ['NaN.']],
  ['datetime', ['2026-05-01', '2026-05-01T10:00:00Z'], ['today']],
  ['minlength(2)', ['ab', 'abc'], ['a']],
  ['maxlength(2)', ['ab'], ['abc']],
  ['length(2)', ['ab'], ['a', 'abc']],
  ['length(2,3)', ['ab', 'abc'], ['a', 'abcd']],
  ['min(5)', ['5', '600'], ['4', 'x']],
  ['max(5)', ['5', '-1'], ['6']],
  ['range(2,4)', ['2', '4'], ['1', '5']],
  ['regex(^[ab]+$)', ['aB'], ['abc']],
];

test.each(constraints)('constraint %s', (constraint, good, bad) => {
  for (const value of good) expect([value, match(`{value:${constraint}}`, `/${value}`)]).toEqual([value, { value }]);
  for (const value of bad) expect([value, match(`{value:${constraint}}`, `/${value}`)]).toEqual([value, undefined]);
});

describe('templates that are not valid say why', () => {
  test.each([
    ['{id', 'has no "}"'],
    ['id}', '"}" without "{"'],
    ['{}', 'not a route parameter'],
    ['{id}/{ID}', 'occurs twice'],
    ['{*rest}/more', 'must be the whole last segment'],
    ['x{id?}', 'must be a whole segment'],
    ['a//b', 'empty segment'],
    ['{id:number}', 'unknown constraint "number"'],
    ['{id:min(a)}', 'expected a whole number'],
  ])('%s', (template, reason) => {
    expect(() => parseRouteTemplate(template)).toThrow(reason);
  });
});
