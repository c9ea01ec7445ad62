/** Puts the paths and values of inputs and outputs into a command ("CLI (v2) command job YAML schema": expressions). */

const EXPRESSION = /\$\{\{\s*(inputs|outputs)\.([a-zA-Z0-9_]+)(?:\.path)?\s*\}\}/g;

export interface CommandValues {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** As in Azure nothing is quoted: a value with spaces is several words unless the command quotes the expression. */
export function substitute(command: string, values: CommandValues): string {
  return command.replace(EXPRESSION, (whole, group: keyof CommandValues, name: string) => values[group][name] ?? whole);
}

/** Expressions of a command that name no input or output of the job. */
export function unknownExpressions(
  command: string,
  names: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
): readonly string[] {
  return [...command.matchAll(EXPRESSION)]
    .filter(([, group, name]) => !names[group as keyof CommandValues].includes(name ?? ''))
    .map(([whole]) => whole);
}
