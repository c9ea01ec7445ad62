import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { substitute, unknownExpressions } from '../../../../local/azure-ml/jobs/command/substitute.ts';
import { RunSlots } from '../../../../local/azure-ml/jobs/launch/run-slots.ts';
import { cycleOf } from '../../../../local/azure-ml/jobs/pipeline/find-cycle.ts';
import { mayFollow, STAGES } from '../../../../local/azure-ml/jobs/state/job-status.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of Azure ML
test('expressions become values, in any spacing; unknown ones stay and are named', () => {
  const command = 'run ${{inputs.data}} ${{ outputs.model.path }} ${{inputs.other}} $HOME ${X}';
  const values = { inputs: { data: '/in' }, outputs: { model: '/out' } };
  expect(substitute(command, values)).toBe('run /in /out ${{inputs.other}} $HOME ${X}');
  expect(unknownExpressions(command, { inputs: ['data'], outputs: ['model'] })).toEqual(['${{inputs.other}}']);
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: expressions of Azure ML

describe('a circle', () => {
  test('is found wherever it begins, and named along its way', () => {
    const needs = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(cycleOf(needs)).toEqual(['b', 'd', 'b']);
    expect(cycleOf(new Map([['a', ['a']]]))).toEqual(['a', 'a']);
  });

  test('is never seen where each needs earlier ones only', () => {
    const graph = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 5 }), { maxLength: 30 });
    fc.assert(
      fc.property(graph, (rows) => {
        const needs = rows.map((row, index) => [String(index), row.filter((n) => n < index).map(String)] as const);
        expect(cycleOf(new Map(needs))).toBeUndefined();
      }),
    );
  });
});

test('a status moves forward only, and nothing follows an end', () => {
  expect(mayFollow('Queued', 'Running')).toBe(true);
  expect(mayFollow('Running', 'Queued')).toBe(false);
  expect(mayFollow('CancelRequested', 'Finalizing')).toBe(false);
  expect(mayFollow('CancelRequested', 'Canceled')).toBe(true);
  for (const stage of STAGES) expect(mayFollow('Canceled', stage)).toBe(false);
});

test('places are given in the order of asking, and one who leaves the queue takes none', async () => {
  const slots = new RunSlots(1);
  const leaving = new AbortController();
  const got: string[] = [];
  const take = (name: string, signal = new AbortController().signal) =>
    slots.take(signal).then((release) => {
      got.push(name);
      return release;
    });
  const first = await take('first');
  const left = take('left', leaving.signal);
  const second = take('second');
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  first();
  first();
  const release = await second;
  const third = take('third');
  expect(got).toEqual(['first', 'second']);
  release();
  await third;
  expect(got).toEqual(['first', 'second', 'third']);
});
