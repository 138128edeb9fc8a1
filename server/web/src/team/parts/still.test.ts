import { expect, test, vi } from 'vitest';
import { still } from './still';

/** A form as it stands while it is being saved, and what it does. */
function form() {
  document.body.innerHTML = `
    <form>
      <input name="words" value="Tea" /><textarea name="more"></textarea><input name="code" value="7" readonly />
      <label><input type="checkbox" name="shared" />Shared</label>
      <button type="button">Up</button><button type="button" data-leaves>Cancel</button><button>Save</button><a href="#away">Away</a>
    </form>`;
  const node = document.querySelector('form')!;
  const saved = vi.fn((event: Event) => event.preventDefault());
  const [moved, left] = [vi.fn(), vi.fn()];
  node.addEventListener('submit', saved);
  node.querySelector('[type=button]')!.addEventListener('click', moved);
  node.querySelector('[data-leaves]')!.addEventListener('click', left);
  const named = <T extends HTMLElement = HTMLInputElement>(name: string) => node.querySelector<T>(`[name=${name}]`)!;
  const presses = (what: string) => node.querySelector<HTMLElement>(what)!.click();
  return { node, named, presses, saved, moved, left };
}

test('while something is being saved nothing in it changes, and what has the focus keeps it', () => {
  const { node, named, presses, saved, moved, left } = form();
  named('words').focus();
  const done = still(() => true)(node)!;
  expect([named('words').readOnly, named('more').readOnly]).toEqual([true, true]);
  presses('[name=shared]');
  presses('label');
  presses('[type=button]');
  expect([named('shared').checked, moved.mock.calls.length]).toEqual([false, 0]);
  const key = (name: string, key: string) => named(name).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  expect([key('shared', ' '), key('shared', 'Tab'), key('shared', 'Escape'), key('words', 'ArrowLeft'), key('words', 'Enter')]).toEqual([false, true, true, true, false]);
  presses('[data-leaves]');
  expect(left).toHaveBeenCalledOnce();
  // Whoever saves guards against a second time; that is not what this is for.
  presses('button:not([type])');
  expect(saved).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(named('words'));

  done();
  expect([named('words').readOnly, named('more').readOnly, named('code').readOnly, 'still' in node.dataset]).toEqual([false, false, true, false]);
  presses('label');
  presses('[type=button]');
  expect([named('shared').checked, moved.mock.calls.length]).toEqual([true, 1]);
});

test('otherwise it is as it always is', () => {
  const { node, named, presses, moved } = form();
  expect(still(() => false)(node)).toBeUndefined();
  presses('[type=button]');
  expect([named('words').readOnly, moved.mock.calls.length]).toEqual([false, 1]);
});

test('a form within it does not add to what is being saved', () => {
  document.body.innerHTML = '<div><form><input /><button>Add</button></form></div>';
  const node = document.querySelector('div')!;
  const added = vi.fn((event: Event) => event.preventDefault());
  node.querySelector('form')!.addEventListener('submit', added);
  const done = still(() => true)(node)!;
  node.querySelector('button')!.click();
  expect(added).not.toHaveBeenCalled();
  done();
  node.querySelector('button')!.click();
  expect(added).toHaveBeenCalledOnce();
});
