/** Every scalar function of the subset by its case-sensitive name. */
import { conditionalFunctions } from './conditional-functions.ts';
import { conversionFunctions } from './conversion-functions.ts';
import { mathFunctions } from './math-functions.ts';
import type { ScalarFunction } from './scalar-function.ts';
import { textFunctions } from './text-functions.ts';
import { timeFunctions } from './time-functions.ts';

export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [mathFunctions, conditionalFunctions, conversionFunctions, textFunctions, timeFunctions]
    .flat()
    .map((definition) => [definition.name, definition]),
);
