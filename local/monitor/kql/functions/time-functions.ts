/** now, ago and ingestion_time. The query's time stands still while it runs. */

import { type Bound, constantOf, mapNumber } from '../binding/bound.ts';
import type { CallSite } from '../binding/scope.ts';
import { semanticError } from '../syntax/kql-error.ts';
import { argument, type ScalarFunction, wantType } from './scalar-function.ts';

export const timeFunctions: readonly ScalarFunction[] = [
  { name: 'now', minArgs: 0, maxArgs: 1, bind: (args, site) => bindShifted(args, site, 1) },
  { name: 'ago', minArgs: 1, maxArgs: 1, bind: (args, site) => bindShifted(args, site, -1) },
  { name: 'ingestion_time', minArgs: 0, maxArgs: 0, bind: bindIngestionTime },
];

function bindShifted(args: readonly Bound[], site: CallSite, sign: number): Bound {
  const { nowMs } = site.scope;
  if (args.length === 0) return constantOf('datetime', nowMs);
  const span = wantType(argument(args, 0), ['timespan'], site);
  return mapNumber('datetime', span, (value) => nowMs + sign * value);
}

function bindIngestionTime(_args: readonly Bound[], site: CallSite): Bound {
  const slot = site.scope.schema.ingestionSlot;
  if (slot === undefined || site.scope.aggregates) {
    const message = 'ingestion_time(): only rows that come straight from a log table have an ingestion time';
    throw semanticError('SEM0001', message, site.at);
  }
  return { type: 'datetime', constant: false, evaluate: (row) => row[slot] ?? null };
}
