// The visitor's part with JavaScript off: the form comes as a link, and everything that matters still works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person } from '../parts/browser.mjs';
import { card, house } from '../parts/house.mjs';
import { fillCard, talking } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

/** An agent who has sent the card form as a link, and that link. */
async function linked() {
  const { dana } = await talking();
  await dana.page.getByRole('button', { name: /^Send .?Card payment.? as a link/ }).first().click();
  const link = await dana.page.getByLabel('Link', { exact: true }).inputValue();
  assert.ok(link.startsWith(`${house.vault}/o/`), 'the link leads to the vault');
  return { dana, link };
}

test('a link opens, refuses what is wrong, sends and confirms without a line of JavaScript', async () => {
  const { dana, link } = await linked();
  const referers = [];
  const phone = await person({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  phone.context.on('request', (request) => referers.push(request.headers().referer ?? ''));
  const { page } = phone;

  await page.goto(link);
  await picture(page, 'link-landing', { fullPage: true });
  assert.equal(await page.getByRole('button').count(), 1, 'one page, one button');
  await page.getByRole('button').click();
  await page.getByLabel('Card number').waitFor();
  assert.match(new URL(page.url()).pathname, /^\/form\/[0-9a-f-]{36}$/, 'no key in the address');
  await picture(page, 'link-form', { fullPage: true });

  await fillCard(page, { number: '4111 1111 1111 1112', expiry: '13 / 39', code: '12' });
  await page.getByRole('button', { name: 'Send securely' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByRole('alert').getByRole('link').count(), 3);
  assert.equal(await page.getByLabel('Card number').inputValue(), '', 'a card number is not echoed');
  assert.equal(await page.getByLabel('Name on card').inputValue(), card.name);
  await page.getByRole('alert').getByRole('link').first().click();
  await picture(page, 'link-errors', { fullPage: true });

  await fillCard(page);
  await page.getByRole('button', { name: 'Send securely' }).click();
  await page.getByRole('heading', { name: /sent/i }).waitFor();
  await picture(page, 'link-sent', { fullPage: true });

  // Going back does not bring the answers, or the form, back.
  await page.goBack().catch((error) => assert.match(error.message, /ERR_CACHE_MISS/, 'only because nothing was kept'));
  assert.ok(!(await page.locator('body').innerText()).includes('4111'));

  await dana.page.getByRole('button', { name: 'Done' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByText(card.name).waitFor();

  const key = link.split('/o/')[1];
  assert.ok(referers.length > 3);
  assert.ok(!referers.some((referer) => referer.includes(key)), 'the key is in no Referer');
});

test('the link works on the first device only, and the second may ask for a new one', async () => {
  const { dana, link } = await linked();
  await dana.page.getByRole('button', { name: 'Done' }).click();
  const first = await person({ javaScriptEnabled: false });
  await first.page.goto(link);
  await first.page.getByRole('button').click();
  await first.page.getByLabel('Card number').waitFor();

  const second = await person({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  await second.page.goto(link);
  if (await second.page.getByLabel('Card number').count()) assert.fail('a second device got the form');
  await picture(second.page, 'link-used', { fullPage: true });
  await second.page.getByRole('button', { name: /new link/i }).click();
  await dana.page.getByText('asks for a new').first().waitFor();

  await dana.page.getByRole('button', { name: 'New link' }).click();
  const fresh = await dana.page.getByLabel('Link', { exact: true }).inputValue();
  assert.notEqual(fresh, link);
  await second.page.goto(fresh);
  await second.page.getByRole('button').click();
  await second.page.getByLabel('Card number').waitFor();

  // The first device is told: its form is not the one any more.
  await fillCard(first.page);
  await first.page.getByRole('button', { name: 'Send securely' }).click();
  assert.equal(await first.page.getByRole('heading', { name: /sent/i }).count(), 0);
  await fillCard(second.page);
  await second.page.getByRole('button', { name: 'Send securely' }).click();
  await second.page.getByRole('heading', { name: /sent/i }).waitFor();
});

test('saying no works without scripts, and is asked once more first', async () => {
  const { dana, link } = await linked();
  const phone = await person({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  await phone.page.goto(link);
  await phone.page.getByRole('button').click();
  await phone.page.getByText('I don’t want to answer').click();
  await phone.page.getByRole('button', { name: 'Send no answer' }).click();
  await phone.page.getByRole('heading', { name: 'You chose not to answer' }).waitFor();
  await picture(phone.page, 'link-declined', { fullPage: true });
  await dana.page.getByText('chose not to answer').first().waitFor();
});
