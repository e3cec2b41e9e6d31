// A visitor who wants it gone (V8): found, erased in both zones with the reference typed, and gone from every page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { shownIn } from '../parts/browser.mjs';
import { card, house } from '../parts/house.mjs';
import { agent, api, fillCard, filling, greeting, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

test('an admin erases a visitor in both zones, and nobody reads anything of them any more', async () => {
  const { alex, dana, hello } = await filling({ visits: open, works: open });
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  const conversation = new URL(dana.page.url()).hash.split('/').at(-1);

  const robin = await worker(house.admin, open);
  const { page } = robin;
  await page.goto(`${house.desk}/#/admin/privacy`);
  await page.getByRole('searchbox', { name: 'Name, or a reference' }).fill('nobody is called that');
  await page.keyboard.press('Enter');
  await page.getByText('Nobody found').first().waitFor();
  await both(page, 'nobody found');
  await page.getByRole('searchbox', { name: 'Name, or a reference' }).fill(conversation);
  await page.keyboard.press('Enter');
  await page.getByRole('row').nth(1).getByRole('link').click();
  const start = page.getByRole('button', { name: /^Erase .?[A-Z0-9]{4}-/ });
  await start.waitFor();
  const reference = (await start.innerText()).match(/[A-Z0-9]{4}-[A-Z0-9]{4}/)?.[0];
  assert.ok(reference, 'the visitor has a reference');
  await start.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Write the reference/).fill('AAAA-AAAA');
  await dialog.getByRole('button', { name: 'Erase for good' }).click();
  await dialog.getByText('That is not the reference.').waitFor();
  await both(page, 'a reference that is not right');
  await picture(page, 'erase-asks');
  await dialog.getByLabel(/^Write the reference/).fill(reference.toLowerCase().replace('-', ''));
  await dialog.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Erased in both zones').first().waitFor();
  await both(page, 'a visitor who was erased');
  await picture(page, 'erased');

  // An open view closes, and what was said is blank.
  await dana.page.getByText('The answers were erased on request.').waitFor();
  await dana.page.getByText(hello).waitFor({ state: 'detached' });
  const again = await agent(0, open);
  await again.page.goto(`${house.desk}/#/c/${conversation}`);
  await again.page.getByText('Erased on request').first().waitFor();
  await both(again.page, 'a conversation that was erased');
  await picture(again.page, 'erased-conversation');
  for (const shown of await shownIn(again.page)) {
    assert.ok(!shown.includes(hello) && !shown.includes(card.name), 'nothing of it is on the page');
  }
  const { visitor } = (await api(page, 'GET', `/api/privacy/visitors?text=${reference}`))[0];
  const file = await page.evaluate(async (id) => (await fetch(`/api/privacy/visitors/${id}/export`)).text(), visitor);
  assert.ok(!file.includes(hello), 'an export of somebody who was erased is empty');

  // The audit names ids only.
  const { entries } = await api(page, 'GET', `/api/audit?act=erase_data&limit=5`);
  assert.ok(entries.length > 0 && !JSON.stringify(entries).includes(hello));
  // The browser that was known is nobody any more: a new visit begins empty.
  await alex.page.reload();
  await alex.page.getByRole('button', { name: 'Open chat' }).click();
  await alex.chat.getByText('How can we help?').waitFor();
  for (const someone of [dana, robin]) assert.deepEqual(someone.complaints, []);
});

test('one conversation is erased alone, and the visitor’s other one goes on', async () => {
  const { alex, dana, hello } = await filling({ visits: open, works: open });
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).waitFor();
  const conversation = new URL(dana.page.url()).hash.split('/').at(-1);
  await dana.page.getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByText('This conversation is closed.').first().waitFor();
  const later = greeting();
  await alex.say(later);
  await dana.take(later);

  const { page } = await worker(house.admin, open);
  await page.goto(`${house.desk}/#/admin/privacy`);
  await page.getByRole('searchbox', { name: 'Name, or a reference' }).fill(conversation);
  await page.keyboard.press('Enter');
  await page.getByRole('row').nth(1).getByRole('link').click();
  const erase = page.getByRole('button', { name: /^Erase the conversation / });
  await erase.nth(1).waitFor();
  await both(page, 'a visitor with two conversations');
  await picture(page, 'privacy-conversations');
  // The newest stands first.
  const [reference] = (await erase.nth(1).getAttribute('aria-label')).match(/[A-Z0-9]{4}-[A-Z0-9]{4}/);
  await erase.nth(1).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Their name and other conversations stay.').waitFor();
  await both(page, 'a conversation to erase');
  await picture(page, 'erase-conversation-asks');
  await dialog.getByLabel(/^Write the reference/).fill(reference);
  await dialog.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByRole('listitem').filter({ hasText: reference }).getByText('Erased', { exact: true }).waitFor();
  await page.getByText(new RegExp(`${reference}.? is erased in both zones`)).first().waitFor();
  await both(page, 'a visitor one of whose conversations is erased');
  await picture(page, 'erased-one');
  assert.equal(await erase.count(), 1);

  // The other one is as it was.
  await dana.say('This one goes on.');
  await alex.chat.getByText('This one goes on.').first().waitFor();
  await dana.page.goto(`${house.desk}/#/c/${conversation}`);
  await dana.page.getByText('Erased on request').first().waitFor();
  for (const shown of await shownIn(dana.page)) {
    assert.ok(!shown.includes(hello) && !shown.includes(card.name), 'nothing of it is on the page');
  }
});
