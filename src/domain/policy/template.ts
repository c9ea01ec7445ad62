/** Fills the placeholders of a deployment template with the values of the model version that is rolled out. */

const PLACEHOLDER = /\$\{\{\s*([^{}]*?)\s*\}\}/g;
const TAG_PREFIX = 'model.tags.';
const TAG_NAME = /^[A-Za-z0-9._-]{1,100}$/;
/** Tags are written by anybody who registers a model: only what cannot change the reference around it is let through. */
const SAFE_VALUE = /^[A-Za-z0-9._-]{1,100}$/;

export interface TemplateValues {
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type ResolvedTemplate =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Replaces `${{model.version}}` and `${{model.tags.<tag>}}`; a placeholder without a usable value is a reason, never a guess. */
export function resolveTemplate(template: string, values: TemplateValues): ResolvedTemplate {
  const reasons: string[] = [];
  const text = template.replace(PLACEHOLDER, (_match, name: string) => {
    const value = fillIn(name, values);
    if (value.ok) return value.text;
    reasons.push(value.reason);
    return '';
  });
  if (reasons.length === 0 && text.includes('${{'))
    reasons.push(`"${template}" holds a placeholder that is not closed.`);
  return reasons.length === 0 ? { ok: true, text } : { ok: false, reason: reasons.join(' ') };
}

/** What is wrong with a template whatever the version, or null. */
export function templateProblem(template: string): string | null {
  for (const [, name = ''] of template.matchAll(PLACEHOLDER)) {
    if (!isKnown(name)) return unknown(name);
  }
  return template.replace(PLACEHOLDER, '').includes('${{') ? 'holds a placeholder that is not closed' : null;
}

function fillIn(name: string, values: TemplateValues): ResolvedTemplate {
  if (!isKnown(name)) return { ok: false, reason: `The template ${unknown(name)}.` };
  const tag = name.startsWith(TAG_PREFIX) ? name.slice(TAG_PREFIX.length) : null;
  const value = tag === null ? values.version : ownValue(values.tags, tag);
  if (value === undefined)
    return { ok: false, reason: `Version ${values.version} has no tag "${tag}", which the policy's template needs.` };
  if (SAFE_VALUE.test(value)) return { ok: true, text: value };
  return {
    ok: false,
    reason: `The value of \${{${name}}} may hold only letters, digits, dots, dashes and underscores (1 to 100).`,
  };
}

function ownValue(tags: Readonly<Record<string, string>>, tag: string): string | undefined {
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}

function isKnown(name: string): boolean {
  return name === 'model.version' || (name.startsWith(TAG_PREFIX) && TAG_NAME.test(name.slice(TAG_PREFIX.length)));
}

function unknown(name: string): string {
  return `holds the unknown placeholder \${{${name.slice(0, 60)}}}; known are \${{model.version}} and \${{model.tags.<tag>}}`;
}
