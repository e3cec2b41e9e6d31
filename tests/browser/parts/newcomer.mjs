// Somebody who is invited, chooses a password and works with passkeys alone, at the desk and in the vault's frame.
import { person } from './browser.mjs';
import { api, atWork } from './people.mjs';

const password = 'walnut-harbour-47-lantern';

/** Gives `page` an authenticator with a verified user, as a laptop with a fingerprint reader has. */
async function withAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

/** Name and password at the login. */
export async function giveNameAndPassword(page, name) {
  await page.getByLabel('Name').fill(name);
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

/** The vault's own factor, in the vault's frame, which is open. */
export async function setUpAtVault(page) {
  const frame = page.frameLocator('iframe[title*="Set-up of your confirmation"]');
  await frame.getByRole('button', { name: 'Set up', exact: true }).click();
  await frame.getByRole('heading', { name: 'Your second factor is set up' }).waitFor();
}

/** Sets the vault's own factor up from the welcome, so that forms can be sent. */
export async function readyForForms(page) {
  await page.getByRole('region', { name: /^Welcome/ }).getByRole('button', { name: 'Set it up' }).click();
  await setUpAtVault(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
}

/** Reveals the answer whose button has the name `button` in the vault's frame. */
export async function revealByPasskey(viewer, button) {
  await viewer.getByRole('button', { name: button }).click();
  await viewer.getByRole('button', { name: 'Use my passkey' }).click();
}

async function plainAgent(robin) {
  const profiles = await api(robin.page, 'GET', '/api/profiles');
  return profiles.find(({ role, built_in }) => role === 'agent' && built_in).id;
}

/**
 * Invites somebody in `robin`'s name and signs them in. `seen` is called with the page of the invitation.
 *
 * @param who name, display_name and, for anything but a plain agent, the id of a profile
 */
export async function newcomer(robin, who, { seen = async () => {}, ...options } = {}) {
  const profile = who.profile ?? (await plainAgent(robin));
  const invited = await api(robin.page, 'POST', '/api/people', { ...who, profile });
  const self = await person({ viewport: { width: 1440, height: 900 }, ...options });
  const { page } = self;
  await withAuthenticator(page);
  await page.goto(invited.link);
  await page.getByRole('heading', { name: /^Welcome/ }).waitFor();
  await seen(page);
  await page.getByRole('textbox', { name: 'New password' }).fill(password);
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByRole('button', { name: 'Go to sign-in' }).click();
  await giveNameAndPassword(page, who.name);
  await setUpPasskey(page);
  return { ...atWork(self), id: invited.person.id };
}
