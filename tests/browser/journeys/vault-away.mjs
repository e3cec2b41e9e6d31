// A vault that does not answer: the desk goes on, both sides are told and can try again, nothing is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillCard, talking } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';
import { withoutVault } from '../parts/vault.mjs';

test('sending and opening say that the vault is away, the chat goes on, and trying again works', async () => {
  const { alex, dana } = await talking();
  await dana.sendForm('card');
  const button = alex.card.getByRole('button', { name: 'Fill in the form' });
  await button.waitFor();

  await withoutVault(async () => {
    await button.click();
    await alex.card.getByText('Nothing was sent.').waitFor();
    await alex.card.getByRole('button', { name: 'Try again' }).waitFor();
    await picture(alex.page, 'visitor-vault-away');

    await dana.sendForm('note');
    // Not the side panel's line, which comes first: this very send must have been given up.
    await dana.page.getByText('The form was not sent. The vault did not answer.').first().waitFor();
    await picture(dana.page, 'agent-vault-away');

    await alex.say('It does not open here.');
    await dana.transcript.getByText('It does not open here.').waitFor();
  });

  await alex.card.getByRole('button', { name: 'Try again' }).click();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await alex.card.getByText('Sent securely').waitFor();
  await dana.page.getByRole('button', { name: 'View secure form' }).waitFor();

  await dana.sendForm('note');
  await alex.chat.getByRole('region', { name: /^Secure note/ }).last().getByRole('button', { name: 'Fill in the form' }).waitFor();
  const notes = await alex.chat.getByRole('region', { name: /^Secure note/ }).count();
  assert.equal(notes, 1, 'what could not be sent was not sent later by itself');
});
