/**
 * Reads the losses of champion and challenger, row by row, into one sample of all rows and one of each named slice. What a
 * row lacks is told with its line; the order of rows changes nothing.
 */

/** `differences` are challenger minus champion. */
export interface LossSample {
  readonly rows: number;
  readonly championLoss: number;
  readonly challengerLoss: number;
  readonly differenceMean: number;
  /** Ascending. */
  readonly differences: Float64Array;
  readonly worse: number;
  readonly better: number;
  /** Every loss of the whole file is 0 or 1, which bounds also those that were not seen. */
  readonly isZeroOne: boolean;
}

export interface LossSamples {
  readonly overall: LossSample;
  readonly slices: Readonly<Record<string, LossSample>>;
}

export interface LossCollector {
  /** The next line, as it was parsed; null: it is no JSON object. Returns what is wrong with it, or null. */
  add(row: Readonly<Record<string, unknown>> | null): string | null;
  samples(): LossSamples;
}

/** Rows, and each row again for every named slice that it is in: 24 bytes each. */
export interface LossLimits {
  readonly rows: number;
  readonly entries: number;
}

const LIMITS: LossLimits = { rows: 1_000_000, entries: 5_000_000 };
const MAX_SLICES_OF_ROW = 100;
/** Its cube can still be summed. */
const LARGEST = 1e100;

interface Part {
  readonly champion: number[];
  readonly challenger: number[];
}

export function collectLosses(slices: readonly string[], limits = LIMITS): LossCollector {
  const overall: Part = { champion: [], challenger: [] };
  const ofSlices = new Map<string, Part>(slices.map((slice) => [slice, { champion: [], challenger: [] }]));
  let lines = 0;
  let entries = 0;
  let isZeroOne = true;
  return {
    add(row) {
      lines += 1;
      if (lines > limits.rows) return `There are more than ${limits.rows} lines, which is the most that is read.`;
      const read = readRow(row);
      if (typeof read === 'string') return `Line ${lines} ${read}`;
      isZeroOne &&= isBit(read.champion) && isBit(read.challenger);
      const parts = [overall, ...[...new Set(read.slices)].flatMap((slice) => ofSlices.get(slice) ?? [])];
      entries += parts.length;
      if (entries > limits.entries) return `Rows and their slices are more than ${limits.entries} together.`;
      for (const part of parts) push(part, read);
      return null;
    },
    samples: () => ({
      overall: sampleOf(overall, isZeroOne),
      slices: Object.fromEntries([...ofSlices].map(([slice, part]) => [slice, sampleOf(part, isZeroOne)])),
    }),
  };
}

interface LossRow {
  readonly champion: number;
  readonly challenger: number;
  readonly slices: readonly string[];
}

function readRow(row: Readonly<Record<string, unknown>> | null): LossRow | string {
  if (row === null) return 'is no JSON object (NaN and Infinity are no JSON).';
  const { champion, challenger, slices } = row;
  if (!isLoss(champion)) return `has no loss as champion: ${shown(champion)}.`;
  if (!isLoss(challenger)) return `has no loss as challenger: ${shown(challenger)}.`;
  if (!Array.isArray(slices)) return `has no list as slices: ${shown(slices)}; a row of no slice has [].`;
  if (slices.length > MAX_SLICES_OF_ROW) return `is in ${slices.length} slices; at most ${MAX_SLICES_OF_ROW} are read.`;
  const stranger = slices.findIndex((slice) => typeof slice !== 'string');
  if (stranger >= 0) return `names a slice that is no text: ${shown(slices[stranger])}.`;
  return { champion, challenger, slices };
}

function isLoss(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LARGEST;
}

function isBit(loss: number): boolean {
  return loss === 0 || loss === 1;
}

function push(part: Part, { champion, challenger }: LossRow): void {
  part.champion.push(champion);
  part.challenger.push(challenger);
}

function sampleOf({ champion, challenger }: Part, isZeroOne: boolean): LossSample {
  const rows = champion.length;
  const differences = Float64Array.from(challenger, (loss, row) => loss - (champion[row] ?? 0)).sort();
  return {
    rows,
    championLoss: meanOf(Float64Array.from(champion).sort()),
    challengerLoss: meanOf(Float64Array.from(challenger).sort()),
    differenceMean: meanOf(differences),
    differences,
    worse: differences.reduce((count, difference) => count + (difference > 0 ? 1 : 0), 0),
    better: differences.reduce((count, difference) => count + (difference < 0 ? 1 : 0), 0),
    isZeroOne: isZeroOne && rows > 0,
  };
}

function meanOf(ascending: Float64Array): number {
  return ascending.length === 0 ? 0 : ascending.reduce((sum, value) => sum + value, 0) / ascending.length;
}

function shown(value: unknown): string {
  return value === undefined ? 'it is missing' : JSON.stringify(value).slice(0, 60);
}
