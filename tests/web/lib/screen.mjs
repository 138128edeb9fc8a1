// What every screen of ours must pass: axe finds nothing, and nobody has to scroll sideways.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SHOTS = process.env.COMPANION_SHOTS;

/** A person at a screen: what a phone and a desk have in common. */
export class Screen {
  constructor(context, provider) {
    Object.assign(this, { context, provider });
    this.page = null;
    this.shown = 0;
  }

  /** Loads the app at a place of its own ("#/help"), as a fresh start would. */
  async load(address) {
    this.page ??= this.context.pages()[0] ?? (await this.context.newPage());
    await this.page.goto(address);
  }

  /** Another tab of the same app. */
  async anotherTab() {
    const tab = new this.constructor(this.context, this.provider);
    tab.page = await this.context.newPage();
    return tab;
  }

  /** Waits until this can be read. */
  sees = (words, { within = this.page, ...options } = {}) => within.getByText(words).filter({ visible: true }).first().waitFor(options);
  /** Opens the page anew until this can be read: what it says may still be on its way to the server. */
  async seesOnReload(words) {
    for (let looks = 0; looks < 10; looks++) {
      await this.page.reload();
      if (await this.sees(words, { timeout: 4_000 }).then(() => true, () => false)) return;
    }
    await this.sees(words);
  }
  /** Waits until this can no longer be read anywhere. */
  gone = (words) => this.page.waitForFunction((text) => !document.body.innerText.includes(text), words);
  press = (name, within = this.page) => within.getByRole('button', { name }).filter({ visible: true }).first().click();
  heading = (name) => this.page.getByRole('heading', { name }).first().waitFor();
  text = () => this.page.locator('main').innerText();

  /** Opens one of the folded steps. */
  async unfold(name) {
    const step = this.page.locator('details').filter({ has: this.page.locator(':scope > summary', { hasText: name }) });
    if (!(await step.evaluate((one) => one.open))) await step.locator(':scope > summary').click();
    return step;
  }

  /** The person comes back to this screen. */
  look = () => this.page.evaluate(() => window.dispatchEvent(new Event('focus')));

  /** From now on time goes by here only as the story says, however long the machine takes. */
  async stopTheClock() {
    await this.page.clock.install();
    await this.page.clock.pauseAt((await this.page.evaluate(() => Date.now())) + 60_000);
  }

  /** Tabs on until the focus is on something with these words, in no more steps than a patient person would make. */
  async tabTo(words, key = 'Tab') {
    const there = () =>
      this.page.evaluate(() => {
        const one = document.activeElement;
        if (one?.matches('h1, h2')) return '';
        const named = [one?.getAttribute('aria-label'), one?.textContent, ...[...(one?.labels ?? [])].map((label) => label.textContent), one?.closest('fieldset')?.querySelector('legend')?.textContent];
        return named.filter(Boolean).join(' ');
      });
    for (let steps = 0; steps < 60; steps++) {
      if (words.test(await there())) return;
      await this.page.keyboard.press(key);
    }
    assert.fail(`the keyboard never reached ${words}; it ended on "${await there()}"`);
  }

  /** Looks hard at the screen as it is, and keeps a picture of it. */
  async passes(name) {
    const { page } = this;
    await page.locator('h1').filter({ visible: true }).first().waitFor();
    await this.#settled();
    await this.picture(name);
    await this.noSidewaysScroll(name);
    assert.doesNotMatch(await page.locator('body').innerText(), /\{\w+\}|undefined|\bNaN\b|\[object|Invalid Date/, `every word of ${name} is filled in`);
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
    // Only what is wrong is described: of what is right there are thousands of nodes, and that took most of the time.
    const violations = await page.evaluate(async (runOnly) => (await window.axe.run({ runOnly, resultTypes: ['violations'] })).violations, RULES);
    assert.deepEqual(violations.map(inWords), [], `axe on ${name}`);
  }

  /** With COMPANION_SHOTS: as the person sees it first, and the whole of it where there is more. */
  async picture(name) {
    if (!SHOTS) return;
    const size = this.page.viewportSize();
    await mkdir(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
    const height = await this.page.evaluate(() => Math.max(...[...document.querySelectorAll('html, .scroll, .list, .detail')].map((one) => window.innerHeight - one.clientHeight + one.scrollHeight)));
    if (height <= size.height) return;
    await this.page.setViewportSize({ width: size.width, height });
    await this.page.screenshot({ path: join(SHOTS, `${name}-whole.png`) });
    await this.page.setViewportSize(size);
  }

  async noSidewaysScroll(name) {
    const wide = await this.page.evaluate(() => [...document.querySelectorAll('html, .scroll, .list, .detail')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => `${one.tagName}.${one.className}: ${one.scrollWidth} in ${one.clientWidth}`));
    if (wide.length === 0) return;
    const over = await this.page.evaluate(() => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(-3).map((one) => one.outerHTML.slice(0, 120)));
    assert.fail(`${name} scrolls sideways: ${wide.join('; ')}; because of ${over.join(' and ')}`);
  }

  /** The same screen as it is in the dark, or on a larger one. */
  async inTheDark(look) {
    await this.#colours('dark');
    await look();
    await this.#colours(null);
  }
  async #colours(colorScheme) {
    await this.page.emulateMedia({ colorScheme });
    await this.#settled();
  }
  /** Buttons take a moment to change colour; those in a closed part of the page never begin, and what somebody breathes with, or goes round for ever, is waited for in vain. */
  #settled = () =>
    this.page.waitForFunction(() => document.getAnimations().every(({ effect }) => !effect.target.checkVisibility() || effect.getComputedTiming().endTime > 1_000));
  async onAScreenOf(width, height, look) {
    const size = this.page.viewportSize();
    await this.page.setViewportSize({ width, height });
    await look();
    await this.page.setViewportSize(size);
  }

  /** The browser's own text size, as a person sets it: 32 px where 16 was usual. */
  async doubleText() {
    const devtools = await this.context.newCDPSession(this.page);
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    await this.page.reload();
  }
}

const inWords = ({ id, help, nodes }) => `${id}: ${help}. ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.any.map((one) => one.message).join(' ').slice(0, 200)}`).join(' | ')}`;
