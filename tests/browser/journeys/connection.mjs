// A connection that breaks and comes back: nothing doubled, nothing missed, and the page says why a button is grey.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { house } from '../parts/house.mjs';
import { fillCard, filling, signIn, talking } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

test('what was said while the visitor was offline arrives once, and so does what the visitor wrote', async () => {
  const { alex, dana } = await talking();
  await dana.sendForm('card');
  const button = alex.card.getByRole('button', { name: 'Fill in the form' });
  await button.waitFor();

  await alex.context.setOffline(true);
  await alex.card.getByText('You’re offline.').waitFor();
  assert.ok(await button.isDisabled(), 'the button is grey while there is no connection');
  await picture(alex.page, 'visitor-offline');
  await alex.chat.getByRole('textbox', { name: 'Write a message' }).fill('Written without a connection');
  await alex.chat.getByRole('button', { name: 'Send', exact: true }).click();
  for (const number of ['one', 'two', 'three']) await dana.say(`Said meanwhile: ${number}`);

  await alex.context.setOffline(false);
  await dana.transcript.getByText('Written without a connection').waitFor();
  const stream = alex.chat.getByRole('log', { name: 'Messages' });
  await stream.getByText('Said meanwhile: three').waitFor();
  for (const text of ['Said meanwhile: one', 'Said meanwhile: two', 'Said meanwhile: three', 'Written without a connection']) {
    assert.equal(await stream.getByText(text).count(), 1, `${text}: once at the visitor`);
    assert.equal(await dana.transcript.getByText(text).count(), 1, `${text}: once at the agent`);
  }
  assert.ok(await button.isEnabled(), 'the button came back by itself');
});

test('a form that is open while the connection is gone waits, and is sent afterwards', async () => {
  const { alex } = await filling();
  await fillCard(alex.form);
  await alex.context.setOffline(true);
  const send = alex.form.getByRole('button', { name: 'Send securely' });
  await alex.form.getByText(/offline/i).first().waitFor();
  assert.ok(await send.evaluate((button) => button.disabled || button.getAttribute('aria-disabled') === 'true'));
  await picture(alex.page, 'visitor-form-offline');
  await alex.context.setOffline(false);
  await send.click();
  await alex.card.getByText('Sent securely').waitFor();
});

test('an agent who reloads is still signed in, and still the one who may look', async () => {
  const { alex, dana, hello } = await filling();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).waitFor();
  await dana.page.reload();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByRole('button', { name: 'Done' }).click();

  // After signing in again the right is gone for good (S8).
  await dana.page.getByRole('button', { name: /^Account/ }).click();
  await dana.page.getByRole('button', { name: 'Sign out' }).or(dana.page.getByRole('menuitem', { name: 'Sign out' })).first().click();
  const really = dana.page.getByRole('dialog').getByRole('button', { name: 'Sign out' });
  await really.or(dana.page.getByLabel('Name')).first().waitFor();
  if (await really.count()) await really.click();
  await signIn(dana.page, house.agents[0]);
  await dana.take(hello);
  await dana.page.getByText('belong to that session').first().waitFor();
  assert.equal(await dana.page.getByRole('button', { name: /^View/ }).count(), 0);
});
