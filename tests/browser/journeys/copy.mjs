// Copying out of the vault's frame (V11): a button for who has the right, each copy in the log, cleared with the view; for everybody
// else the clipboard stays what it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { card, house } from '../parts/house.mjs';
import { newcomer, readyForForms } from '../parts/newcomer.mjs';
import { api, audited, fillCard, greeting, visitor, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

/** A sheet of paper in the same browser: whatever is on the clipboard can be written onto it, without any permission. */
async function paper({ context, page }) {
  const sheet = await context.newPage();
  await sheet.setContent('<textarea></textarea>');
  const text = sheet.locator('textarea');
  return {
    /** What the clipboard holds. */
    async pasted() {
      await sheet.bringToFront();
      await text.fill('');
      await text.press('Control+V');
      const value = await text.inputValue();
      await page.bringToFront();
      return value;
    },
    /** Puts something harmless onto it. */
    async copy(value) {
      await sheet.bringToFront();
      await text.fill(value);
      await text.press('Control+A');
      await text.press('Control+C');
      await page.bringToFront();
    },
  };
}

/** A newcomer who looks at a sent card form. */
async function viewing(who) {
  const robin = await worker(house.admin, open);
  const kim = await newcomer(robin, who, open);
  await readyForForms(kim.page);
  const alex = await visitor();
  const hello = greeting();
  await alex.say(hello);
  await kim.take(hello);
  await kim.sendForm('card');
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await kim.page.getByRole('button', { name: 'View secure form' }).click();
  await kim.viewer.getByText(card.name).waitFor();
  return { robin, kim };
}

test('who may copy does so by a button, answer by answer, and never the security code', async () => {
  const admin = await worker(house.admin, open);
  const permissions = ['handle_conversations', 'use_secure_forms', 'reveal_card_numbers', 'copy_answers'];
  const profile = await api(admin.page, 'POST', '/api/profiles', { role: 'agent', name: 'Booker', permissions });
  const { robin, kim } = await viewing({ name: 'bo', display_name: 'Bo', profile: profile.id });
  const clipboard = await paper(kim);
  const copy = (label) => kim.viewer.getByRole('button', { name: new RegExp(`^Cop.*${label}`) });

  await copy('Name on card').click();
  await kim.viewer.getByText('Copied', { exact: true }).waitFor();
  await both(kim.page, 'an answer that was copied');
  await picture(kim.page, 'copied');
  assert.equal(await clipboard.pasted(), card.name);

  assert.equal(await copy('Card number').count(), 0, 'what is masked is not copied');
  // Setting up a confirmation confirmed the session, for some minutes.
  await kim.viewer.getByRole('button', { name: /^Reveal.*Card number/ }).click();
  await kim.viewer.getByText(card.number).waitFor();
  await copy('Card number').click();
  await kim.viewer.getByText(/^Card number is copied/).waitFor();
  assert.equal(await clipboard.pasted(), card.number.replaceAll(' ', ''), 'as it was typed into a form, without our gaps');

  await kim.viewer.getByRole('button', { name: /^Reveal.*Security code/ }).click();
  await kim.viewer.getByText(card.code, { exact: true }).waitFor();
  assert.equal(await copy('Security code').count(), 0, 'a code is never copied');

  // With the view the clipboard is emptied too.
  await kim.viewer.getByRole('button', { name: 'Done' }).click();
  await kim.page.locator('iframe[title*="shown by the vault"]').waitFor({ state: 'detached' });
  assert.equal(await clipboard.pasted(), '');
  const copies = await audited(robin.page, `act=copied&who=${kim.id}`, (entries) => entries.length === 2);
  assert.equal(copies.length, 2, 'each copy is in the log');
  assert.ok(!JSON.stringify(copies).includes('4111') && !JSON.stringify(copies).includes('Neil'), 'the log says which, and not what');
  assert.deepEqual(kim.complaints, []);
});

test('who may not copy has no button, takes nothing by selecting, and is refused by the vault itself', async () => {
  const { kim } = await viewing({ name: 'cy', display_name: 'Cy' });
  const clipboard = await paper(kim);
  await clipboard.copy('before');
  assert.equal(await clipboard.pasted(), 'before');
  // Setting up a confirmation confirmed the session, for some minutes.
  await kim.viewer.getByRole('button', { name: /^Reveal.*Card number/ }).click();
  await kim.viewer.getByText(card.number).waitFor();
  assert.equal(await kim.viewer.getByRole('button', { name: /^Cop/ }).count(), 0);

  await kim.viewer.getByText(card.number).click();
  await kim.page.keyboard.press('Control+A');
  await kim.page.keyboard.press('Control+C');
  assert.equal(await clipboard.pasted(), 'before');

  // A page that somebody changed asks the vault in vain.
  const frame = kim.page.frames().find((one) => one.url().startsWith(house.vault) && one.url().includes('/view'));
  const status = await frame.evaluate(async () => {
    const what = { view: document.body.dataset.view, answer: document.querySelector('[data-answer]').dataset.answer };
    const reply = await fetch('/view/copied', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(what) });
    return reply.status;
  });
  assert.equal(status, 403);
  await kim.viewer.getByRole('button', { name: 'Done' }).click();
  assert.deepEqual(kim.complaints, []);
});
