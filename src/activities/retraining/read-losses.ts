/** Reads the losses that a job wrote row by row, as a stream; the first line that cannot be used ends it. */
import type { GatePolicy } from '../../domain/gate/judge-challenger.ts';
import { collectLosses, type LossSamples } from '../../domain/gate/loss-sample.ts';
import { fillJobName } from '../../domain/retraining/job-template.ts';
import type { DataAssets } from '../../ports/data-assets.ts';
import type { DataRows } from '../../ports/data-rows.ts';

export interface LossesPorts {
  readonly assets: DataAssets;
  readonly rows: DataRows;
}

export type LossesReading =
  | { readonly ok: true; readonly samples: LossSamples; readonly uri: string }
  | { readonly ok: false; readonly problem: string };

/** Throws while storage is away. */
export async function readLosses(
  { assets, rows }: LossesPorts,
  jobName: string,
  { losses, slices }: GatePolicy,
): Promise<LossesReading> {
  const uri = fillJobName(losses?.uri ?? '', jobName);
  const failed = (why: string) => ({ ok: false as const, problem: `The losses of job ${jobName} (${uri}): ${why}` });
  const found = await assets.resolve(uri);
  if (!found.ok) return failed(found.reason);
  let isCut = false;
  const onCut = () => {
    isCut = true;
  };
  const collector = collectLosses(slices.map(({ name }) => name));
  for await (const row of rows.readLines(found.data.blobUrl, onCut)) {
    const problem = isCut ? null : collector.add(row);
    if (problem !== null) return failed(problem);
  }
  if (isCut) return failed('The file is larger than is read; hold out fewer rows.');
  const samples = collector.samples();
  if (samples.overall.rows === 0) return failed('There is no such file, or it has no lines.');
  return { ok: true, samples, uri };
}
