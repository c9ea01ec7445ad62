/** The inline route constraints of ASP.NET Core (routing documentation, "Route constraints"). */

export type RouteConstraint = (value: string) => boolean;
type ConstraintFactory = (argument: string) => RouteConstraint;

const GUID =
  /^(\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i;
const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

const FACTORIES: Readonly<Record<string, ConstraintFactory>> = {
  int: () => within(-(2n ** 31n), 2n ** 31n - 1n),
  long: () => within(-(2n ** 63n), 2n ** 63n - 1n),
  bool: () => (value) => /^(true|false)$/i.test(value),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  decimal: () => (value) => DECIMAL.test(value),
  double: () => (value) => NUMBER.test(value),
  float: () => (value) => NUMBER.test(value),
  guid: () => (value) => GUID.test(value),
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  required: () => (value) => value !== '',
  minlength: (argument) => atLeast(wholeNumber(argument)),
  maxlength: (argument) => atMost(wholeNumber(argument)),
  length: lengthConstraint,
  min: (argument) => within(BigInt(wholeNumber(argument)), 2n ** 63n - 1n),
  max: (argument) => within(-(2n ** 63n), BigInt(wholeNumber(argument))),
  range: rangeConstraint,
  regex: (argument) => {
    const pattern = new RegExp(argument, 'i');
    return (value) => pattern.test(value);
  },
};

/** Throws with the reason when the name is unknown or its argument is wrong. `text` is `int` or `length(2,5)`. */
export function parseConstraint(text: string): RouteConstraint {
  const match = /^([a-z]+)(?:\((.*)\))?$/is.exec(text);
  const name = match?.[1]?.toLowerCase() ?? '';
  const factory = Object.hasOwn(FACTORIES, name) ? FACTORIES[name] : undefined;
  if (!factory) throw new Error(`unknown constraint "${text}" (known: ${Object.keys(FACTORIES).join(', ')})`);
  return factory(match?.[2] ?? '');
}

function within(least: bigint, most: bigint): RouteConstraint {
  return (value) => {
    if (!INTEGER.test(value) || value.length > 20) return false;
    const number = BigInt(value.replace(/^\+/, ''));
    return number >= least && number <= most;
  };
}

function lengthConstraint(argument: string): RouteConstraint {
  const [least, most] = argument.split(',').map((part) => wholeNumber(part));
  const bounds = [atLeast(least ?? 0), atMost(most ?? least ?? 0)];
  return (value) => bounds.every((bound) => bound(value));
}

function rangeConstraint(argument: string): RouteConstraint {
  const [least, most] = argument.split(',').map((part) => BigInt(wholeNumber(part)));
  if (least === undefined || most === undefined) throw new Error(`range needs two numbers, got "${argument}"`);
  return within(least, most);
}

const atLeast =
  (count: number): RouteConstraint =>
  (value) =>
    value.length >= count;
const atMost =
  (count: number): RouteConstraint =>
  (value) =>
    value.length <= count;

function wholeNumber(text: string): number {
  const number = Number(text.trim());
  if (!INTEGER.test(text.trim()) || !Number.isSafeInteger(number))
    throw new Error(`expected a whole number, got "${text}"`);
  return number;
}
