import type { Day } from '../../shared/wire';

/** Two of the lines, others tomorrow: what always stands there is no longer read. */
export function linesOfDay<T>(lines: readonly T[], day: Day): T[] {
  if (lines.length <= 2) return [...lines];
  const start = (Math.floor(Date.parse(`${day}T00:00Z`) / 86_400_000) * 2) % lines.length;
  return [lines[start]!, lines[(start + 1) % lines.length]!];
}
