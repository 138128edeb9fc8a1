import { flushSync, mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import type { Block } from '../wire-pack';
import Blocks from './Blocks.svelte';

async function drawn(blocks: Block[], props: object = {}): Promise<HTMLElement> {
  const target = document.createElement('div');
  const view = mount(Blocks, { target, props: { blocks, image: async () => null, ...props } });
  flushSync();
  await new Promise((done) => setTimeout(done));
  flushSync();
  const copy = target.cloneNode(true) as HTMLElement;
  await unmount(view);
  return copy;
}

it('draws words as words, whatever they look like', async () => {
  const nasty = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const page = await drawn([
    { kind: 'heading', level: 2, text: [{ text: nasty }] },
    { kind: 'paragraph', text: [{ text: nasty, strong: true, emphasis: true }] },
    { kind: 'list', ordered: true, items: [[{ text: nasty }]] },
    { kind: 'quote', text: [{ text: nasty }] },
    { kind: 'image', image_id: 'x', alt: nasty },
  ]);
  expect(page.querySelectorAll('img, script')).toHaveLength(0);
  expect(page.querySelector('strong > em')?.textContent).toBe(nasty);
  expect(page.textContent?.split(nasty)).toHaveLength(6);
});

it('checks every link again before it is one', async () => {
  const spans = ['https://www.nhs.uk/', 'tel:111', 'resource:sleep', 'javascript:alert(1)', 'data:text/html,x', 'http://a.example'].map((href) => ({ text: href, href }));
  const links = (page: HTMLElement) => [...page.querySelectorAll('a')].map((a) => [a.getAttribute('href'), a.rel]);
  expect(links(await drawn([{ kind: 'paragraph', text: spans }]))).toEqual([['https://www.nhs.uk/', 'noopener noreferrer'], ['tel:111', '']]);
  const link = (href: { to: string; slug: string; href: string }) => (href.to === 'resource' ? `#/called/${href.slug}` : href.href);
  expect(links(await drawn([{ kind: 'paragraph', text: spans }], { link }))).toContainEqual(['#/called/sleep', '']);
});

it('shows the words of a picture until it is there, and in its place when it is not', async () => {
  const picture: Block = { kind: 'image', image_id: 'x', alt: 'A mug' };
  expect((await drawn([picture])).textContent).toContain('A mug');
  expect((await drawn([picture], { image: () => Promise.reject(new Error('no signal')) })).textContent).toContain('A mug');
  const there = (await drawn([picture], { image: async () => 'blob:x' })).querySelector('img');
  expect([there?.getAttribute('src'), there?.alt]).toEqual(['blob:x', 'A mug']);
});

it('keeps the outline of the page', async () => {
  const blocks: Block[] = [{ kind: 'heading', level: 2, text: [{ text: 'a' }] }, { kind: 'heading', level: 3, text: [{ text: 'b' }] }];
  expect([...(await drawn(blocks, { under: 3 })).querySelectorAll('.blocks > *')].map((one) => one.tagName)).toEqual(['H4', 'H5']);
});
