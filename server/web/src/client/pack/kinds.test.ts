import { expect, test } from 'vitest';
import { siteOf, webAddress } from './kinds';

test('a link leads to the web and nowhere else', () => {
  for (const typed of ['https://open.spotify.com/playlist/37i9', 'http://example.org/a', ' https://example.org ', 'youtu.be/abc', 'www.nhs.uk', 'example.org:8080/x']) {
    expect([typed, webAddress(typed)?.protocol.startsWith('http')]).toEqual([typed, true]);
  }
  const bad = ['', 'javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,hello', 'file:///etc/passwd', 'tel:999', 'a b.org', 'https://', 'https://user@evil.example', 'my song', `https://example.org/${'x'.repeat(500)}`];
  for (const typed of bad) expect([typed, webAddress(typed)]).toEqual([typed, null]);
});

test('where it leads is said before it is followed', () => {
  expect(siteOf(webAddress('https://www.example.org/some/thing?x=1')!)).toBe('example.org');
});
