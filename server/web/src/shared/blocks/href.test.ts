import { expect, it } from 'vitest';
import { checked } from './href';

it('follows the web, the telephone and other pieces', () => {
  expect(checked('https://www.nhs.uk/conditions/insomnia/')).toMatchObject({ to: 'web', href: 'https://www.nhs.uk/conditions/insomnia/' });
  expect(checked('tel:116123')).toMatchObject({ to: 'phone', href: 'tel:116123' });
  expect(checked('resource:awake-at-two')).toMatchObject({ to: 'resource', slug: 'awake-at-two' });
});

it('follows nothing else', () => {
  const bad = ['', 'javascript:alert(1)', 'JAVASCRIPT:x', ' https://a.example', 'http://a.example', 'data:text/html,x', '//a.example', '/team/', 'resource:../x', 'resource:A', 'tel:1;phone-context=x', 'tel:', 'https://', 'https://nhs.uk@evil.example/', 'https://a.example\\@b', 'java\nscript:x', 'blob:https://a.example/x'];
  for (const href of bad) expect([href, checked(href)]).toEqual([href, null]);
  expect(checked(undefined)).toBeNull();
});
