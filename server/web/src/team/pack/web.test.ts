import { expect, it } from 'vitest';
import { webAddress } from './web';

it('follows pages on the web and nothing else', () => {
  expect(webAddress('http://radio.example/a')).toBe('http://radio.example/a');
  for (const bad of [null, '', 'javascript:alert(1)', 'data:text/html,x', '/team/', 'radio.example', 'https://a@b.example', 'https://a.example/ x', 'file:///etc/passwd']) expect(webAddress(bad)).toBeNull();
});
