import { expect, test } from 'vitest';
import { brandFor, contrast, wear } from './brand';

test('contrast is counted as WCAG counts it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test("a provider's colour is worn only where it can be read", () => {
  for (const colour of ['#0b5c63', '#7a1fa2', '#003087', '#aa0000', '#ffee00', '#7fb2ff']) {
    for (const [scheme, ground] of [['light', '#faf7f2'], ['dark', '#1d2425']] as const) {
      const found = brandFor(colour, scheme);
      if (!found) continue;
      expect(contrast(found.brand, ground)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(found.ink, found.brand)).toBeGreaterThanOrEqual(4.5);
    }
  }
  expect(brandFor('#003087', 'light')).toEqual({ brand: '#003087', ink: '#ffffff' });
  expect(brandFor('#ffee00', 'light')).toBeNull();
  expect(brandFor('javascript:alert(1)', 'light')).toBeNull();
});

test('an unreadable colour leaves the default teal', () => {
  const root = document.createElement('div');
  wear('#003087', root);
  expect(root.style.getPropertyValue('--brand-light')).toBe('#003087');
  wear('#ffee00', root);
  expect(root.style.getPropertyValue('--brand-light')).toBe('');
  expect(root.style.getPropertyValue('--brand-dark')).not.toBe('');
});
