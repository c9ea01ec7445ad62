/** What a caught value says. */
import { expect, it } from 'vitest';
import { messageOf } from '../../../src/domain/message-of.ts';

it.each([
  [new Error('Azure ML is away.'), 'Azure ML is away.'],
  [new TypeError('no such member'), 'no such member'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [{ message: 'not an error' }, '[object Object]'],
])('of %s', (caught, message) => {
  expect(messageOf(caught)).toBe(message);
});
