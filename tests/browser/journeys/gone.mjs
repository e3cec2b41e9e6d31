// Answers off the record go (V3), the agent is told why, and one click sends the form again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { card, house } from '../parts/house.mjs';
import { giveNameAndPassword, newcomer, readyForForms } from '../parts/newcomer.mjs';
import { fillCard, filling, greeting, reveal, visitor, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';
import { restartVault, withSettings } from '../parts/vault.mjs';

const open = { bypassCSP: true };

/** The card form filled in and sent. */
async function sendCard(alex) {
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
}

/** What was stored is still there, and the security code is not. */
async function viewRest(dana) {
  await dana.page.getByRole('button', { name: 'View the rest' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  assert.equal(await dana.viewer.getByRole('button', { name: /^Reveal.*Security code/ }).count(), 0, 'there is no code to reveal any more');
}

/** One click asks again, and what comes back has its code. */
async function askAgain(alex, dana, button = 'Send again') {
  await dana.page.getByRole('button', { name: button }).click();
  await alex.chat.getByRole('region', { name: /^Card payment/ }).nth(1).waitFor();
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await sendCard(alex);
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByRole('button', { name: /^Reveal.*Security code/ }).waitFor();
  await dana.viewer.getByRole('button', { name: 'Done' }).click();
}

test('Done wipes the security code, the card says so, the rest is still there, and one click asks again', async () => {
  const { alex, dana } = await filling({ visits: open, works: open });
  await sendCard(alex);
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await reveal(dana.viewer, house.agents[0], dana.viewer.getByRole('button', { name: /^Reveal.*Security code/ }));
  await dana.viewer.getByText(card.code, { exact: true }).waitFor();
  await dana.viewer.getByRole('button', { name: 'Done' }).click();

  await dana.page.getByText('You pressed Done, and the answers off the record were wiped.').waitFor();
  await both(dana.page, 'a form whose security code is gone');
  await picture(dana.page, 'gone');
  await viewRest(dana);
  await both(dana.page, 'the rest of a form');
  await picture(dana.page, 'gone-rest');
  await dana.viewer.getByRole('button', { name: 'Done' }).click();
  await askAgain(alex, dana);
  for (const someone of [alex, dana]) assert.deepEqual(someone.complaints, []);
});

test('its time in memory ends under the agent’s eyes, and the card says that it was the time', async () => {
  await withSettings((text) => text.replace(/^off_the_record_minutes = .*$/m, 'off_the_record_minutes = 1'), async () => {
    const { alex, dana } = await filling({ visits: open, works: open });
    await sendCard(alex);
    await dana.page.getByRole('button', { name: 'View secure form' }).click();
    await dana.viewer.getByText(/^Gone in 0?:?\d/).first().waitFor();
    await dana.viewer.getByText('Gone. It was never stored.').waitFor({ timeout: 90_000 });
    await picture(dana.page, 'gone-by-time-view');
    // The view counts whole seconds and may be a moment early: until the vault says so too, Done would be why.
    await dana.transcript.getByText('The answers off the record are gone').first().waitFor();
    await dana.viewer.getByRole('button', { name: 'Done' }).click();
    await dana.page.getByText('Their time in memory ended: the answers off the record are gone.').waitFor();
    await both(dana.page, 'a form whose security code had its time');
    await picture(dana.page, 'gone-by-time');
    await viewRest(dana);
    await dana.viewer.getByRole('button', { name: 'Done' }).click();
    await askAgain(alex, dana);
    for (const someone of [alex, dana]) assert.deepEqual(someone.complaints, []);
  });
});

test('a vault that is started anew has lost it, says that this was why, and has kept the rest', async () => {
  const { alex, dana } = await filling({ visits: open, works: open });
  await sendCard(alex);
  await dana.page.getByRole('button', { name: 'View secure form' }).waitFor();
  await restartVault();
  await dana.page.getByText('The vault was started anew: the answers off the record are gone.').waitFor();
  await both(dana.page, 'a form whose security code a restart took');
  await picture(dana.page, 'gone-by-restart');
  await viewRest(dana);
  await dana.viewer.getByRole('button', { name: 'Done' }).click();
  await askAgain(alex, dana);
});

test('signing out takes it and the right to the rest along, and the next session is told so and can ask again', async () => {
  const robin = await worker(house.admin, open);
  const kim = await newcomer(robin, { name: 'kim', display_name: 'Kim' }, open);
  const { page } = kim;
  await readyForForms(page);
  const alex = await visitor(open);
  const hello = greeting();
  await alex.say(hello);
  await kim.take(hello);
  await kim.sendForm('card');
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await sendCard(alex);
  await page.getByRole('button', { name: 'View secure form' }).waitFor();

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).or(page.getByRole('menuitem', { name: 'Sign out', exact: true })).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await giveNameAndPassword(page, 'kim');
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();
  await page.getByRole('link').filter({ hasText: /Card payment|Submitted/ }).first().click();
  await page.getByText('You asked for this before you signed in again. The answers belong to that session, which is over.').waitFor();
  await both(page, 'a form of a session that is over');
  await picture(page, 'gone-by-logout');
  assert.equal(await page.getByRole('button', { name: /^View/ }).count(), 0, 'no right comes back');
  await askAgain(alex, kim, /to send it to me$/);
  for (const someone of [alex, kim]) assert.deepEqual(someone.complaints, []);
});
