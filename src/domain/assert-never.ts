/** Closes a switch over a union: the compiler proves it complete, and a value from outside the types still fails loudly. */
export function assertNever(value: never): never {
  throw new Error(`This case was not expected: ${JSON.stringify(value)}`);
}
