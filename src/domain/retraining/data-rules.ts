/** Whether new data is fit to be trained on, before any money is spent. */
import type { TrainingDataPolicy } from '../policy/retraining-policy.ts';

/** What was counted of a data set (see the port TrainingData). */
export interface CountedData {
  readonly rows: number;
  readonly malformedRows: number;
  /** False when only the beginning was read. */
  readonly complete: boolean;
  readonly columns: Readonly<
    Record<string, { readonly present: boolean; readonly nulls: number; readonly typeErrors: number }>
  >;
}

/** Share of rows that may be unreadable, or have a value of another type in one column. */
const TOLERATED = 0.001;
const MAX_PROBLEMS = 10;

/** Every problem as a sentence; none when the data may be used. */
export function dataProblems(data: CountedData, policy: TrainingDataPolicy): readonly string[] {
  const { rows, malformedRows } = data;
  const problems: string[] = [];
  if (rows < policy.minRows) problems.push(`It has ${rows} rows; the policy asks for ${policy.minRows}.`);
  if (malformedRows > TOLERATED * rows) problems.push(`${malformedRows} rows cannot be read.`);
  for (const [name, type] of Object.entries(columnsToCheck(policy))) {
    problems.push(...columnProblems(name, type, data, policy));
  }
  return problems.slice(0, MAX_PROBLEMS);
}

/** The policy's columns and its label. */
export function columnsToCheck({ columns, label }: TrainingDataPolicy): TrainingDataPolicy['columns'] {
  return { ...columns, [label]: columns[label] ?? 'number' };
}

function columnProblems(name: string, type: string, data: CountedData, policy: TrainingDataPolicy): readonly string[] {
  const column = data.columns[name];
  if (data.rows === 0) return [];
  if (!column?.present) return [`Column ${name} is missing.`];
  const problems: string[] = [];
  const nullRate = column.nulls / data.rows;
  const allowed = name === policy.label ? 0 : policy.maxNullRate;
  if (nullRate > allowed) {
    problems.push(
      `Column ${name} has no value in ${percent(nullRate)} of the rows; at most ${percent(allowed)} may lack one.`,
    );
  }
  if (column.typeErrors > TOLERATED * data.rows) {
    problems.push(`Column ${name} is no ${type} in ${percent(column.typeErrors / data.rows)} of the rows.`);
  }
  return problems;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
