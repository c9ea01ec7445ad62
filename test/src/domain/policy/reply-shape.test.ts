/** Shapes of smoke replies: what fits, and what is said of what does not. */
import { describe, expect, test } from 'vitest';
import type { ReplyShape } from '../../../../src/domain/policy/policy.ts';
import { shapeProblems } from '../../../../src/domain/policy/reply-shape.ts';

const PREDICTIONS: ReplyShape = {
  type: 'object',
  properties: { predictions: { type: 'array', minItems: 1, items: { type: 'number' } } },
};

describe('shapeProblems', () => {
  test.each([[{ predictions: [1, 2.5] }], [{ predictions: [0], extra: 'is fine' }]])('%j fits', (reply) => {
    expect(shapeProblems(reply, PREDICTIONS)).toEqual([]);
  });

  test.each([
    [null, 'the reply should be an object but is null'],
    [[1], 'the reply should be an object but is an array'],
    ['text', 'the reply should be an object but is of type string'],
    [{}, 'the reply.predictions is missing'],
    [{ predictions: [] }, 'the reply.predictions should have at least 1 elements but has 0'],
    [{ predictions: [1, null] }, 'the reply.predictions[1] should be a number but is null'],
    [{ predictions: { length: 1 } }, 'the reply.predictions should be an array but is of type object'],
  ])('%j does not fit', (reply, problem) => {
    expect(shapeProblems(reply, PREDICTIONS)).toEqual([problem]);
  });

  test('texts and truth values are told apart', () => {
    expect(shapeProblems(true, { type: 'boolean' })).toEqual([]);
    expect(shapeProblems('x', { type: 'string' })).toEqual([]);
    expect(shapeProblems('true', { type: 'boolean' })).toHaveLength(1);
  });

  test('at most five problems are told', () => {
    expect(shapeProblems({ predictions: Array(100).fill('x') }, PREDICTIONS)).toHaveLength(5);
  });
});
