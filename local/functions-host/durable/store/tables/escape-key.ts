/** Instance ids as table keys: characters that tables refuse are escaped as DurableTask.AzureStorage does it. */
const ESCAPES: Readonly<Record<string, string>> = { '^': '^^', '/': '^0', '\\': '^1', '#': '^2', '?': '^3' };
const UNESCAPES: Readonly<Record<string, string>> = { '^': '^', '0': '/', '1': '\\', '2': '#', '3': '?' };
const CONTROL_OFFSET = 0xc0;

export function escapeKey(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped here
  return text.replace(/[\^/\\#?\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return ESCAPES[character] ?? `^${String.fromCharCode(CONTROL_OFFSET + character.charCodeAt(0))}`;
  });
}

export function unescapeKey(key: string): string {
  return key.replace(/\^(.)/gs, (_pair, code: string) => {
    return UNESCAPES[code] ?? String.fromCharCode(code.charCodeAt(0) - CONTROL_OFFSET);
  });
}
