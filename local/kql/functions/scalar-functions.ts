import { binFunctions } from './bins.ts';
import { conditionFunctions } from './conditions.ts';
import { conversionFunctions } from './conversions.ts';
import { dateFormatFunctions } from './date-formats.ts';
import { dateFunctions } from './dates.ts';
import { dynamicFunctions } from './dynamics.ts';
import { numberFunctions } from './numbers.ts';
import { patternFunctions } from './patterns.ts';
import type { FunctionFamily } from './scalar-function.ts';
import { textFunctions } from './texts.ts';
import { windowFunctions } from './windows.ts';

/** Every function of KQL that is translated, by name. What is not here is refused. */
export const scalarFunctions: FunctionFamily = {
  ...binFunctions,
  ...conditionFunctions,
  ...conversionFunctions,
  ...dateFormatFunctions,
  ...dateFunctions,
  ...dynamicFunctions,
  ...numberFunctions,
  ...patternFunctions,
  ...textFunctions,
  ...windowFunctions,
};
