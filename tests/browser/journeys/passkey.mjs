// An invited agent who uses passkeys alone: at the desk and in the vault's frame. Then both are lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible } from '../parts/axe.mjs';
import { shownIn } from '../parts/browser.mjs';
import { card, house } from '../parts/house.mjs';
import { giveNameAndPassword, newcomer, revealByPasskey, setUpAtVault } from '../parts/newcomer.mjs';
import { api, fillCard, greeting, visitor, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

test('an invited agent signs in and reveals with passkeys, and loses both at an admin’s word', async () => {
  const robin = await worker(house.admin, { bypassCSP: true });
  const noor = await newcomer(robin, { name: 'noor', display_name: 'Noor' }, { bypassCSP: true, seen: (page) => accessible(page, 'the welcome') });
  const { page } = noor;
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();
  await page.getByRole('region', { name: /^Welcome/ }).getByRole('button', { name: 'Set it up' }).click();
  await setUpAtVault(page);
  await picture(page, 'vault-factor');

  // The next day: in again, with the passkey.
  await page.context().clearCookies();
  await page.goto(house.desk);
  await giveNameAndPassword(page, 'noor');
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();

  const alex = await visitor();
  const hello = greeting();
  await alex.say(hello);
  await noor.take(hello);
  await noor.sendForm('card');
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await page.getByRole('button', { name: 'View secure form' }).click();
  await revealByPasskey(noor.viewer, /^Reveal.*Card number/);
  await noor.viewer.getByText(card.number).waitFor();
  await picture(page, 'step-up-passkey');

  await api(robin.page, 'POST', `/api/people/${noor.id}/factors/reset`, {});
  await page.getByLabel('Name').waitFor();
  for (const shown of await shownIn(page)) {
    assert.ok(!shown.includes(card.number), 'nothing of the answer is on the page');
  }
  await giveNameAndPassword(page, 'noor');
  await page.getByRole('heading', { name: 'Set up your second step' }).waitFor();
  await accessible(page, 'a second step to set up anew');
});
