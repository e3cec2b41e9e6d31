// Conversations that are over (V6): who may read what was kept says why, nobody else reads it, and the file for a visitor (V8).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { card, house } from '../parts/house.mjs';
import { giveNameAndPassword, newcomer, setUpAtVault } from '../parts/newcomer.mjs';
import { api, audited, fillCard, filling, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };
/** Who may read the past, once she was invited. */
let lea;

/** Waits for what the vault shows to who is confirmed; a confirmation may still hold from a moment ago. */
async function confirmed(frame, shown) {
  const passkey = frame.getByRole('button', { name: 'Use my passkey' });
  await passkey.or(shown).first().waitFor();
  if (await passkey.isVisible()) await passkey.click();
  await shown.waitFor();
}

/** A conversation with a sent card form that is over. Answers with what it is found by. */
async function over() {
  const { alex, dana, hello } = await filling();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).waitFor();
  const form = (await alex.card.innerText()).match(/Ref\s+(\w{4})/)?.[1];
  await dana.page.getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByText('This conversation is closed.').first().waitFor();
  return { hello, form };
}

test('a manager sees where forms stood, and no answer', async () => {
  const { hello, form } = await over();
  const mo = await worker(house.manager, open);
  await mo.page.getByRole('link', { name: 'History' }).click();
  await mo.page.getByRole('searchbox', { name: 'Name or reference' }).fill(form);
  await mo.page.getByRole('listitem').filter({ hasText: 'Card payment' }).first().getByRole('link').click();
  await mo.page.getByText(hello).waitFor();
  await mo.page.getByText('Your profile sees where forms stood, and not the answers.').waitFor();
  assert.equal(await mo.page.getByRole('button', { name: 'View stored answers' }).count(), 0);
  await both(mo.page, 'a conversation of the past, for a manager');
  await picture(mo.page, 'history-manager');
});

test('who may read the past says why first, finds no code, and takes a visitor’s file out', async () => {
  const robin = await worker(house.admin, open);
  const permissions = ['handle_conversations', 'use_secure_forms', 'reveal_card_numbers', 'view_history_answers', 'export'];
  const profile = await api(robin.page, 'POST', '/api/profiles', { role: 'manager', name: 'Reviewer', permissions });
  lea = await newcomer(robin, { name: 'lea', display_name: 'Lea', profile: profile.id }, open);
  const { page } = lea;
  // The vault trusts a confirmation with what was sent after it was set up.
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Set it up' }).click();
  await setUpAtVault(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();

  const { hello, form } = await over();
  await page.reload();
  await page.getByRole('searchbox', { name: 'Name or reference' }).fill('nobody is called that');
  await page.getByText('No conversation matches').waitFor();
  await both(page, 'a history where nothing is found');
  await page.getByRole('searchbox', { name: 'Name or reference' }).fill(form);
  const row = page.getByRole('listitem').filter({ hasText: 'Card payment' }).first();
  await row.waitFor();
  await both(page, 'the history');
  await picture(page, 'history');
  await row.getByRole('link').click();
  await page.getByText(hello).waitFor();

  await page.getByRole('button', { name: 'View stored answers' }).click();
  await page.getByLabel('Case number').fill('Alex Smith');
  await page.getByRole('button', { name: 'View answers' }).click();
  await page.getByText('Choose a reason.').waitFor();
  await page.getByText(/^Only letters, digits and hyphens, at most 40/).waitFor();
  await both(page, 'a reason that is missing');
  await picture(page, 'history-asks');
  await page.getByLabel('Reason').selectOption({ label: 'A payment or an agreement is disputed' });
  await page.getByLabel('Case number').fill('CASE-2026-0147');
  await page.getByRole('button', { name: 'View answers' }).click();

  const viewer = page.frameLocator('iframe[title*="shown by the vault"]');
  await viewer.getByText(card.name).waitFor();
  const shown = await viewer.locator('body').innerText();
  assert.ok(!shown.replace(/\s/g, '').includes(card.number.replace(/\s/g, '')), 'the number is masked at first');
  assert.ok(!shown.includes(card.code), 'the code was never kept');
  await both(page, 'stored answers, masked');
  await picture(page, 'history-view');
  await viewer.getByRole('button', { name: /^Reveal.*Card number/ }).click();
  await confirmed(viewer, viewer.getByText(card.number));
  await picture(page, 'history-revealed');
  await viewer.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'View again' }).waitFor();

  // Both zones have written down why.
  const zones = (entries) => [...new Set(entries.map(({ zone }) => zone))].sort();
  const entries = await audited(robin.page, 'text=CASE-2026-0147', (entries) => zones(entries).length === 2);
  assert.deepEqual(zones(entries), ['desk', 'vault'], 'the case stands in both logs');

  const conversation = new URL(page.url()).hash.split('/').at(-1);
  await page.goto(`${house.desk}/#/admin/privacy`);
  await page.getByRole('searchbox', { name: 'Name, or a reference' }).fill(conversation);
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('row').nth(1).getByRole('link').click();
  await page.getByRole('heading', { name: 'Take out what is kept' }).waitFor();
  await both(page, 'a visitor whose data is asked for');
  await picture(page, 'privacy-visitor');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the desk\'s file' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  assert.ok(file.includes(hello), 'the desk\'s file has what was said');
  assert.ok(!file.includes(card.name) && !file.includes('4111'), 'the desk\'s file has no answer');

  assert.deepEqual(lea.complaints, []);
});

test('the vault hands out its own part of a visitor’s file in its own frame, to who confirms it with a passkey', async () => {
  const { page } = lea;
  // In a session of its own: nothing was confirmed in it yet.
  const visitor = page.url();
  await page.context().clearCookies();
  await page.goto(house.desk);
  await giveNameAndPassword(page, 'lea');
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await page.getByRole('link', { name: 'History' }).waitFor();
  await page.goto(visitor);

  await page.getByRole('button', { name: 'Open the vault\'s part' }).click();
  await page.getByRole('button', { name: 'Go to the vault' }).click();
  const vault = page.frameLocator('iframe[title*="Answers of this visitor"]');
  await vault.getByRole('heading', { name: 'Confirm it’s you to export' }).waitFor();
  const take = vault.getByRole('button', { name: 'Save the file' });
  assert.equal(await take.count(), 0, 'nothing is handed out before');
  await both(page, 'the vault asks who takes a visitor\'s file');
  await picture(page, 'privacy-vault-asks');
  await vault.getByRole('button', { name: 'Use my passkey' }).click();
  await take.waitFor();
  await both(page, 'the vault\'s part of a visitor\'s file');
  await picture(page, 'privacy-vault-part');
  const answers = page.waitForEvent('download');
  await take.click();
  const kept = await readFile(await (await answers).path(), 'utf8');
  assert.ok(kept.includes(card.name) && kept.includes(card.number.replace(/\s/g, '')), 'the vault\'s file has the answers that are kept');
  assert.ok(!kept.includes(`"${card.code}"`), 'and no code');
  await page.getByText('The vault\'s file was handed to this browser.').first().waitFor();
  assert.deepEqual(lea.complaints, []);
});
