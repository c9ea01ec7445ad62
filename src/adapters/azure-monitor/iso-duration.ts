/** Seconds as the ISO 8601 duration that Azure Monitor uses for intervals: `PT1M`, `PT2S`. */
export function isoInterval(seconds: number): string {
  return seconds % 60 === 0 ? `PT${seconds / 60}M` : `PT${seconds}S`;
}
