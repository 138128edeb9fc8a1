import type { Instant } from '../wire';

// Where things stand in a chart, without drawing anything: instants across, answers up.

export type Point = { at: Instant; value: number };
export type Frame = { width: number; height: number; top: number; right: number; bottom: number; left: number };
export type Span = { from: number; to: number };

/** The days shown: at least a fortnight, so that two answers do not look like a storm. */
export function span(points: Point[], now: number, days = 14): Span {
  const times = points.map((point) => Date.parse(point.at));
  const to = Math.max(now, ...times);
  return { from: Math.min(to - days * 86_400_000, ...times), to };
}

export const x = (at: Instant, { from, to }: Span, frame: Frame): number =>
  frame.left + ((Date.parse(at) - from) / Math.max(1, to - from)) * (frame.width - frame.left - frame.right);

export const y = (value: number, min: number, max: number, frame: Frame): number =>
  frame.height - frame.bottom - ((value - min) / Math.max(1, max - min)) * (frame.height - frame.top - frame.bottom);

/** Runs of answers that belong together. A gap of more than `days` stays a gap: we do not know what was in it. */
export function runs(points: Point[], days = 4): Point[][] {
  const sorted = [...points].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const found: Point[][] = [];
  for (const point of sorted) {
    const run = found.at(-1);
    const last = run?.at(-1);
    if (run && last && Date.parse(point.at) - Date.parse(last.at) <= days * 86_400_000) run.push(point);
    else found.push([point]);
  }
  return found;
}
