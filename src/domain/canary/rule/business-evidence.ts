/** Evidence of one bucket on a business metric where hits are good: the arms change places, so that green's loss is blue's gain. */
import { type BaseRate, predictedRate } from './base-rate.ts';
import { type HitsOfArms, logBinaryEvidence } from './binary-evidence.ts';
import { EXTRA_ERRORS } from './error-alternatives.ts';

/** ln S per alternative "green's rate lies `margin` plus something below blue's". */
export function businessEvidence(seen: HitsOfArms, base: BaseRate, margin: number): number[] {
  const line = { ratio: 1, offset: margin };
  const blue = predictedRate(base);
  const room = blue - margin;
  return EXTRA_ERRORS.map(({ extra }) => {
    if (room <= 0) return 0;
    const green = room - Math.min(extra, 0.9 * room);
    return logBinaryEvidence({ green: seen.blue, blue: seen.green }, { green: blue, blue: green }, line);
  });
}

/** ln S against "green's rate lies at least `promoteMargin` below blue's". */
export function businessAssurance(seen: HitsOfArms, base: BaseRate, promoteMargin: number): number {
  const rate = predictedRate(base);
  if (promoteMargin <= 0) return 0;
  const swapped = { green: seen.blue, blue: seen.green };
  return logBinaryEvidence(swapped, { green: rate, blue: rate }, { ratio: 1, offset: promoteMargin });
}
