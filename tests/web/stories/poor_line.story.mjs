// What little a request for contact weighs, as a real browser sends it through what a provider puts before the server.
import assert from 'node:assert/strict';
import { SecureLine } from '../lib/secure_line.mjs';
import { story } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

story('poor line: a request for contact is less than a kilobyte, on a line on which nothing has been said yet', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const line = await SecureLine.to(world.provider);
  try {
    const phone = await world.phone({ ignoreHTTPSErrors: true });
    // Nobody vouches for the certificate of a test, so the browser keeps no app of it; the request is the same.
    phone.context.expect(/net::ERR_|Failed to load resource|SSL certificate|service ?worker/i);
    phone.provider = Object.assign(Object.create(world.provider), { url: line.url });
    await phone.follow((await world.invite(rhian)).url.replace(world.provider.url, line.url));
    await phone.join('Rhian');
    // It is there once nothing more is on its way of what a new phone fetches.
    await phone.openPack();
    await phone.openSheet();
    const before = line.seen.length;
    line.breaks();
    await phone.page.getByLabel('A few words, if you want').fill('I am in the kitchen');
    await phone.press('Ask for contact');
    await phone.heading('You asked for contact');
    const asked = await until(() => line.seen.slice(before).find((one) => one.body.includes('"contact_request"')), (one) => one !== undefined);
    assert.equal((await dee.get('/team/contact-requests?state=open')).items.length, 1);
    assert.equal(asked.stream, 1, 'the first on its line');
    assert.ok(asked.bytes < 1024, `${asked.bytes} bytes, ${asked.body.length} of them the body`);
    console.log(`a request for contact: ${asked.bytes} bytes on a new line, ${asked.body.length} of them its body`);
  } finally {
    await line.end();
  }
});
