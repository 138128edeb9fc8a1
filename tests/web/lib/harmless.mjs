// What must be so of a screen whatever stands in its texts: nothing of them runs, asks, leads away or is more than words.
import assert from 'node:assert/strict';

/** Ears in every corner, from before the first page is opened. */
export async function listenFor({ context, provider }) {
  const heard = [];
  const isOurs = (url) => url.startsWith(`${provider.url}/`) || url.startsWith(`blob:${provider.url}/`) || url === 'about:blank';
  await context.exposeFunction('hit', () => heard.push('a payload ran'));
  context.on('dialog', (dialog) => heard.push(`a dialog: ${dialog.message()}`) && dialog.dismiss());
  context.on('request', (request) => isOurs(request.url()) || heard.push(`asked for ${request.url()}`));
  context.on('page', (page) => page.on('popup', () => heard.push('a window opened')));
  return heard;
}

/** Looks at everything that stands on the page. */
export async function isHarmless({ context, page }, heard, where) {
  assert.deepEqual([...(await page.evaluate(faults)), ...heard, ...context.troubles()], [], where);
}

/** In the page: what our apps would never draw. */
function faults() {
  const found = [];
  const say = (what, one) => found.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
  // Within a text only these; in the rest of the page none of those that could act.
  const WORDS = /^(div|h[2-6]|p|blockquote|ol|ul|li|a|strong|em|img)$/;
  const ACTS = /^(script|style|link|meta|base|i?frame|frameset|object|embed|applet|portal|math|marquee|video|audio|source|track|canvas|template|noscript|xmp|plaintext|area|map|animate.*|set|foreignobject|use|handler)$/;
  const SEEN = '.blocks *';
  for (const one of document.body.querySelectorAll('*')) {
    const name = one.localName.toLowerCase();
    if (one.matches(SEEN) ? !WORDS.test(name) : ACTS.test(name) && one.parentElement !== document.body) say('an element', one);
    for (const { name: key, value } of one.attributes) {
      if (/^on/i.test(key)) say('a handler', one);
      if (/^(action|formaction|srcdoc|srcset|ping|xlink:href|background|poster|data|http-equiv)$/i.test(key)) say('an attribute', one);
      if (key === 'src' && !value.startsWith('blob:') && name !== 'script') say('a source', one);
      if (key === 'style' && (one.matches(SEEN) || /url\s*\(/i.test(value))) say('a style', one);
      if (key === 'href' && name !== 'link' && !/^(https:\/\/[^/?#\s@]+([/?#]|$)|(tel|sms):\+?\d+$|sms:\d+\?&body=[A-Z]+$|#)/.test(value)) say('a link', one);
    }
  }
  for (const id of ['main', 'app']) if (document.querySelectorAll(`#${id}`).length > 1) found.push(`two are called ${id}`);
  return found;
}
