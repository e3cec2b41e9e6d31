// An invited agent who uses passkeys alone: at the desk and in the vault's frame. Then both are lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible } from '../parts/axe.mjs';
import { person, shownIn } from '../parts/browser.mjs';
import { card, house } from '../parts/house.mjs';
import { api, fillCard, greeting, visitor, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const password = 'walnut-harbour-47-lantern';

/** Gives `page` an authenticator with a verified user, as a laptop with a fingerprint reader has. */
async function withAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

async function giveNameAndPassword(page) {
  await page.getByLabel('Name').fill('noor');
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function setUpPasskey(page) {
  await page.getByRole('heading', { name: 'Set up your second step' }).waitFor();
  await page.getByRole('button', { name: /^A passkey/ }).click();
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
  await page.getByLabel('I have kept them in a safe place').check();
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The vault's own factor, in the vault's frame. */
async function setUpAtVault(page) {
  const frame = page.frameLocator('iframe[title*="Set-up of your confirmation"]');
  await frame.getByRole('button', { name: 'Set up', exact: true }).click();
  await frame.getByRole('heading', { name: 'Your second factor is set up' }).waitFor();
}

test('an invited agent signs in and reveals with passkeys, and loses both at an admin’s word', async () => {
  const robin = await worker(house.admin, { bypassCSP: true });
  const profiles = await api(robin.page, 'GET', '/api/profiles');
  const { id: profile } = profiles.find(({ role, built_in }) => role === 'agent' && built_in);
  const invited = await api(robin.page, 'POST', '/api/people', { name: 'noor', display_name: 'Noor', profile });

  const noor = await person({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const { page } = noor;
  await withAuthenticator(page);
  await page.goto(invited.link);
  await page.getByRole('heading', { name: /^Welcome/ }).waitFor();
  await accessible(page, 'the welcome');
  await page.getByRole('textbox', { name: 'New password' }).fill(password);
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByRole('button', { name: 'Go to sign-in' }).click();
  await giveNameAndPassword(page);
  await setUpPasskey(page);
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();
  await page.getByRole('region', { name: /^Welcome/ }).getByRole('button', { name: 'Set it up' }).click();
  await setUpAtVault(page);
  await picture(page, 'vault-factor');

  // The next day: in again, with the passkey.
  await page.context().clearCookies();
  await page.goto(house.desk);
  await giveNameAndPassword(page);
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();

  const alex = await visitor();
  const hello = greeting();
  await alex.say(hello);
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByRole('link').filter({ hasText: hello }).click();
  await page.getByRole('textbox', { name: /^Message to/ }).fill('/form card');
  await page.keyboard.press('Enter');
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await page.getByRole('button', { name: 'View secure form' }).click();
  const viewer = page.frameLocator('iframe[title*="shown by the vault"]');
  await viewer.getByRole('button', { name: /^Reveal.*Card number/ }).click();
  await viewer.getByRole('button', { name: 'Use my passkey' }).click();
  await viewer.getByText(card.number).waitFor();
  await picture(page, 'step-up-passkey');

  await api(robin.page, 'POST', `/api/people/${invited.person.id}/factors/reset`, {});
  await page.getByLabel('Name').waitFor();
  for (const shown of await shownIn(page)) {
    assert.ok(!shown.includes(card.number), 'nothing of the answer is on the page');
  }
  await giveNameAndPassword(page);
  await page.getByRole('heading', { name: 'Set up your second step' }).waitFor();
  await accessible(page, 'a second step to set up anew');
});
