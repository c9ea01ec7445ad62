/** Closes a union: compiling proves that no case is left, running it means that a boundary let something through. */
export function assertUnreachable(value: never): never {
  throw new Error(`Unexpected value ${JSON.stringify(value)}: a check at the boundary is missing.`);
}
