// A conversation goes to another agent (S8): by keyboard alone, with what is lost said before and after, and no right coming back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { card } from '../parts/house.mjs';
import { agent, fillCard, filling } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

test('with a conversation goes the right to what was sent in it, for good, and one click asks again', async () => {
  const { alex, dana, hello } = await filling({ visits: open, works: open });
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  const sam = await agent(1, open);
  await sam.page.getByRole('button', { name: /^All/ }).click();

  // The header's button, the list and both ways out: without a pointer.
  await dana.page.getByRole('button', { name: 'Transfer' }).focus();
  await dana.page.keyboard.press('Enter');
  const dialog = dana.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Sam/ }).waitFor();
  await dialog.getByText(/The answers in .*Card payment.* can't be read by anyone any more/).waitFor();
  await both(dana.page, 'who takes a conversation');
  await picture(dana.page, 'transfer');
  await dana.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await dana.viewer.getByText(card.name).waitFor();

  await dana.page.getByRole('button', { name: 'Transfer' }).press('Enter');
  await dialog.getByRole('button', { name: 'Transfer' }).click();
  await dialog.getByText('Choose who takes over.').waitFor();
  const choice = dialog.getByRole('radio', { name: /^Sam/ });
  await choice.focus();
  await dana.page.keyboard.press('Space');
  await dana.page.keyboard.press('Enter');

  // A notice: it goes by itself.
  await sam.page.getByText(/was transferred to you/).first().waitFor();
  await dana.page.getByText(/You transferred the conversation to/).waitFor();
  await dana.page.locator('iframe[title*="shown by the vault"]').waitFor({ state: 'detached' });
  const lost = /sent these answers before the conversation was transferred/;
  await dana.page.getByText(lost).waitFor();
  assert.equal(await dana.page.getByRole('button', { name: /^View/ }).count(), 0, 'who gave it away has nothing to view');
  await both(dana.page, 'a conversation that was given away');
  await picture(dana.page, 'transferred-away');
  await alex.chat.getByText(/^.?Sam.* took over$/).first().waitFor();
  await picture(alex.page, 'visitor-transferred');

  await sam.take(hello);
  await sam.page.getByText(lost).waitFor();
  await both(sam.page, 'a conversation that was taken over');
  await sam.page.getByRole('button', { name: /to send it to me$/ }).click();
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await sam.page.getByRole('button', { name: 'View secure form' }).click();
  await sam.viewer.getByText(card.name).waitFor();
  await sam.viewer.getByRole('button', { name: 'Done' }).click();

  // There and back restores nothing.
  await sam.page.getByRole('button', { name: 'Transfer' }).click();
  await sam.page.getByRole('radio', { name: /^Dana/ }).check();
  await sam.page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
  await dana.page.getByText(/transferred the conversation to you/).waitFor();
  await dana.page.getByText(lost).nth(1).waitFor();
  assert.equal(await dana.page.getByText(lost).count(), 2, 'neither form comes back with the conversation');
  assert.equal(await dana.page.getByRole('button', { name: /^View/ }).count(), 0);
  for (const someone of [alex, dana, sam]) assert.deepEqual(someone.complaints, []);
});

test('a form that was not sent yet is cancelled by a transfer, and the visitor is told before typing on', async () => {
  const { alex, dana, hello } = await filling({ visits: open, works: open });
  await dana.page.getByRole('button', { name: 'Transfer' }).click();
  const dialog = dana.page.getByRole('dialog');
  await dialog.getByText(/is cancelled\. .* can't send it any more/).waitFor();
  await dialog.getByRole('radio', { name: /^Sam/ }).check();
  await dialog.getByRole('button', { name: 'Transfer' }).click();
  await alex.card.getByText('Somebody else is helping you now').waitFor();
  await both(alex.page, 'a form that a transfer cancelled');
  await picture(alex.page, 'visitor-transferred-form');
  await dana.page.getByText(/The conversation was transferred before/).waitFor();

  // The visitor's wish reaches whoever has the conversation now.
  await alex.card.getByRole('button', { name: 'Ask for a new form' }).click();
  const sam = await agent(1, open);
  await sam.take(hello);
  await sam.transcript.getByText(/asks for a new form/).waitFor();
  await sam.page.getByRole('button', { name: 'Send again' }).waitFor();
});
