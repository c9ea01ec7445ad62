/** Reads and writes timespan values: literals such as `2s` and `1.5h`, and the form `[-][d.]hh:mm:ss[.fffffff]`. */

const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^(d|days?)$/, 86_400_000],
  [/^(h|hr|hrs|hours?)$/, 3_600_000],
  [/^(m|min|minutes?)$/, 60_000],
  [/^(s|sec|seconds?)$/, 1000],
  [/^(ms|millis?|milliseconds?)$/, 1],
  [/^(micros?|microseconds?)$/, 0.001],
  [/^ticks?$/, 0.0001],
];

/** Milliseconds of a literal such as `10m`, or undefined when number or unit is unknown. */
export function parseUnitSpan(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text);
  if (!match) return undefined;
  const factor = UNIT_MS.find(([unit]) => unit.test(match[2] ?? ''))?.[1];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}

/** Milliseconds of the text inside `timespan(...)`, or undefined when it is none; a bare number counts days. */
export function parseTimeSpan(text: string): number | undefined {
  const trimmed = text.trim();
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const body = trimmed.replace(/^-/, '');
  const unit = parseUnitSpan(body);
  if (unit !== undefined) return sign * unit;
  if (/^\d+$/.test(body)) return sign * Number(body) * 86_400_000;
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d{1,7})?)?$/.exec(body);
  if (!match) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return sign * (total * 1000 + Number(fraction) * 1000);
}

export function formatTimeSpan(ms: number): string {
  const total = Math.abs(ms);
  const days = Math.floor(total / 86_400_000);
  const seconds = Math.floor(total / 1000);
  const ticks = Math.round((total - seconds * 1000) * 10_000);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const text = clock.map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = ticks === 0 ? '' : `.${String(ticks).padStart(7, '0')}`;
  return `${ms < 0 ? '-' : ''}${days === 0 ? '' : `${days}.`}${text}${fraction}`;
}
