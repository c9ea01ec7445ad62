/**
 * Prepares two tables for comparison as Azure ML's monitoring components do: columns that both have with one type, each
 * numerical or categorical. Numbers are one type here: JSON does not tell 2.0 from 2, and Azure's columns know which they are.
 */
import type { Cell, Table } from '../data/table.ts';
import { MonitorFailure } from '../seams/monitor-failure.ts';
import type { MonitorSignal } from '../seams/monitor-schema.ts';

export type FeatureType = 'Numerical' | 'Categorical';

export interface Feature {
  readonly name: string;
  readonly type: FeatureType;
  readonly reference: readonly Cell[];
  readonly production: readonly Cell[];
}

type ValueKind = 'number' | 'boolean' | 'string' | 'none';

/** A column of whole numbers is categorical when fewer of its values are distinct than this share. */
const CATEGORICAL_SHARE = 0.05;

/** Fails with MonitorFailure when nothing can be compared. */
export function commonFeatures(signal: MonitorSignal, reference: Table, production: Table): readonly Feature[] {
  const isWanted = wantedColumns(signal);
  const features: Feature[] = [];
  for (const [name, before] of reference.columns) {
    const now = production.columns.get(name);
    if (!now || !isWanted(name)) continue;
    const kind = kindOf(before);
    const sameKind = kind !== 'none' && kind === kindOf(now);
    if (!sameKind && signal.signalType !== 'DataQuality') continue;
    const type = signal.featureDataTypeOverride?.[name] ?? typeOf(kind, before);
    if (type === 'Numerical' && kind !== 'number') continue;
    features.push({ name, type, reference: before, production: now });
  }
  if (features.length > 0) return features;
  throw new MonitorFailure('Reference and production data have no feature in common that could be compared.');
}

/** Rows in which a feature is missing are left out, on both sides, as for every drift metric. */
export function completeFeatures(features: readonly Feature[]): readonly Feature[] {
  const keepReference = completeRows(features.map(({ reference }) => reference));
  const keepProduction = completeRows(features.map(({ production }) => production));
  for (const [name, rows] of [
    ['reference', keepReference],
    ['production', keepProduction],
  ] as const) {
    if (rows.length === 0) throw new MonitorFailure(`No row of the ${name} data has a value for every feature.`);
  }
  return features.map((feature) => ({
    ...feature,
    reference: keepReference.map((row) => feature.reference[row] ?? null),
    production: keepProduction.map((row) => feature.production[row] ?? null),
  }));
}

/** Columns that have a role (target, correlation id, timestamp) are no features. */
function wantedColumns(signal: MonitorSignal): (name: string) => boolean {
  const roles = new Set([
    ...Object.values(signal.productionData.columns ?? {}),
    ...Object.values(signal.referenceData.columns ?? {}),
  ]);
  const filter = 'features' in signal ? signal.features : undefined;
  if (filter?.filterType === 'FeatureSubset') {
    const chosen = new Set(filter.features);
    return (name) => chosen.has(name);
  }
  return signal.signalType === 'PredictionDrift' ? () => true : (name) => !roles.has(name);
}

export function kindOf(values: readonly Cell[]): ValueKind {
  const kinds = new Set<string>();
  for (const value of values) if (value !== null) kinds.add(typeof value);
  if (kinds.size === 0) return 'none';
  return kinds.size === 1 ? ([...kinds][0] as ValueKind) : 'string';
}

function typeOf(kind: ValueKind, reference: readonly Cell[]): FeatureType {
  if (kind !== 'number') return 'Categorical';
  const present = reference.filter((value) => value !== null);
  if (!present.every((value) => Number.isInteger(value))) return 'Numerical';
  return new Set(present).size / present.length < CATEGORICAL_SHARE ? 'Categorical' : 'Numerical';
}

function completeRows(columns: readonly (readonly Cell[])[]): readonly number[] {
  const rows: number[] = [];
  const count = columns[0]?.length ?? 0;
  for (let row = 0; row < count; row += 1) {
    if (columns.every((column) => column[row] !== null && column[row] !== undefined)) rows.push(row);
  }
  return rows;
}
