/** Groups rows by their keys and runs the aggregates; without keys there is exactly one group, even of no rows. */
import type { Accumulator } from '../binding/bound-aggregate.ts';
import type { Row, Value } from '../types/scalar-type.ts';
import type { GroupStep } from './plan.ts';

interface Group {
  readonly keys: readonly Value[];
  readonly accumulators: readonly Accumulator[];
}

/** One map per key: cells are compared as they are, so no text has to be built for each row. */
type Branch = Map<Value, Branch | Group>;

export function groupRows(step: GroupStep, forEachRow: (visit: (row: Row) => void) => void): readonly Row[] {
  const groups: Group[] = [];
  const root: Branch = new Map();
  const find = step.keys.length === 0 ? onlyGroup(step, groups) : (row: Row) => findGroup(step, groups, root, row);
  forEachRow((row) => {
    for (const accumulator of find(row).accumulators) accumulator.add(row);
  });
  return groups.map((group) => groupRow(step, group));
}

function onlyGroup(step: GroupStep, groups: Group[]): () => Group {
  const group = newGroup(step, []);
  groups.push(group);
  return () => group;
}

function newGroup(step: GroupStep, keys: readonly Value[]): Group {
  return { keys, accumulators: step.aggregates.map((aggregate) => aggregate.create()) };
}

function findGroup(step: GroupStep, groups: Group[], root: Branch, row: Row): Group {
  const last = step.keys.length - 1;
  const keys: Value[] = step.keys.map((key) => key.evaluate(row));
  let branch = root;
  for (let level = 0; level < last; level += 1) branch = deeper(branch, keys[level] ?? null);
  const found = branch.get(keys[last] ?? null);
  if (found && !(found instanceof Map)) return found;
  const group = newGroup(step, keys);
  branch.set(keys[last] ?? null, group);
  groups.push(group);
  return group;
}

function deeper(branch: Branch, key: Value): Branch {
  const found = branch.get(key);
  if (found instanceof Map) return found;
  const created: Branch = new Map();
  branch.set(key, created);
  return created;
}

function groupRow(step: GroupStep, group: Group): Row {
  const results = group.accumulators.map((accumulator) => accumulator.result());
  return [...group.keys, ...step.results.map((result) => result.evaluate(results))];
}
