// The provider's colour, taken only where it can be read. Contrast as WCAG 2.2 counts it.

export type Rgb = [number, number, number];

const PAPER = { light: '#faf7f2', dark: '#1d2425' } as const; // --paper and --card of tokens.css, the harder of the two
const INKS = { light: '#ffffff', dark: '#06282b' } as const;
// WCAG asks 4.5 for text; a little more, because the colour also stands on its own pale tint (--soft).
const TEXT = 5.2;

export function rgb(hex: string): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex.trim());
  return found ? [parseInt(found[1]!, 16), parseInt(found[2]!, 16), parseInt(found[3]!, 16)] : null;
}

const hex = (colour: Rgb) => '#' + colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('');

function luminance([r, g, b]: Rgb): number {
  const linear = (part: number) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

export function contrast(a: string, b: string): number {
  const [x, y] = [rgb(a), rgb(b)];
  if (!x || !y) return 1;
  const [light, dark] = [luminance(x), luminance(y)].sort((p, q) => q - p) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export type Brand = { brand: string; ink: string };

/** The colour to draw with, and what to write on it; `null` when the provider's colour cannot be read on this ground. */
export function brandFor(colour: string, scheme: 'light' | 'dark'): Brand | null {
  const own = rgb(colour);
  if (!own) return null;
  // On a dark ground the same hue is lightened until it can be read; on a light one it is taken as it is or not at all.
  for (let white = 0; white <= (scheme === 'dark' ? 0.85 : 0); white += 0.05) {
    const brand = hex(own.map((part) => part + (255 - part) * white) as Rgb);
    if (contrast(brand, PAPER[scheme]) < TEXT) continue;
    const ink = Object.values(INKS).find((candidate) => contrast(candidate, brand) >= TEXT);
    if (ink) return { brand, ink };
  }
  return null;
}

/** Sets --brand-light, --brand-ink-light and their dark sisters; without a usable colour the default teal stays. */
export function wear(colour: string | null | undefined, root: HTMLElement = document.documentElement): void {
  for (const scheme of ['light', 'dark'] as const) {
    const found = colour ? brandFor(colour, scheme) : null;
    root.style.setProperty(`--brand-${scheme}`, found?.brand ?? '');
    root.style.setProperty(`--brand-ink-${scheme}`, found?.ink ?? '');
    if (!found) {
      root.style.removeProperty(`--brand-${scheme}`);
      root.style.removeProperty(`--brand-ink-${scheme}`);
    }
  }
}
