/** `npm run test:conformance`: runs every public case and prints it with what was expected and what came. */
import { isDeepStrictEqual } from 'node:util';
import { allCases } from './all-cases.ts';

const WIDTH = 110;
let failed = 0;
for (const { source, name, expected, run } of allCases) {
  const got = await run().catch((error: unknown) => `threw ${String(error)}`);
  const agrees = isDeepStrictEqual(got, expected);
  if (!agrees) failed += 1;
  process.stdout.write(`${agrees ? 'ok  ' : 'FAIL'}  ${source}: ${name}\n`);
  process.stdout.write(`        expected  ${short(expected)}\n        got       ${short(got)}\n`);
}
process.stdout.write(`${allCases.length - failed} of ${allCases.length} cases agree\n`);
process.exitCode = failed === 0 ? 0 : 1;

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}…`;
}
