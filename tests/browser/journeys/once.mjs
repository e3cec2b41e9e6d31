// Coming back to a form (S11, S12): closed is closed where the site says so, and another form closes the first under both rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { house } from '../parts/house.mjs';
import { filling, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

/** Chooses the rule on the admin's page, as an admin does. */
async function rule(name) {
  const robin = await worker(house.admin, open);
  await robin.page.goto(`${house.desk}/#/admin/keeping`);
  const choice = robin.page.getByRole('radio', { name });
  await choice.waitFor();
  if (await choice.isChecked()) return robin;
  await choice.check();
  await robin.page.getByRole('button', { name: 'Save changes' }).click();
  await robin.page.getByText('Saved. It holds from now on.').waitFor();
  return robin;
}

test('opening another form closes the first, which asks before and says so after', async () => {
  const { alex, dana } = await filling({ visits: open, works: open });
  await dana.sendForm('note');
  const note = alex.chat.getByRole('region', { name: /^Secure note/ }).last();
  await note.getByRole('button', { name: 'Fill in the form' }).click();
  const question = alex.chat.getByRole('alertdialog');
  await question.getByText('Opening another closes it for good').waitFor();
  await both(alex.page, 'a question before another form');
  await picture(alex.page, 'visitor-other-form');
  await question.getByRole('button', { name: 'Open the other form' }).click();
  await alex.form.getByRole('textbox').first().waitFor();
  const first = alex.chat.getByRole('region', { name: /^Card payment/ }).last();
  await first.getByText('You opened another form, and that closed this one.').waitFor();
  await first.getByRole('button', { name: 'Ask for a new form' }).waitFor();
  await both(alex.page, 'a form that gave way to another');
  await dana.page.getByText(/opened another form, which closed this one/).waitFor();
  await dana.page.getByRole('button', { name: 'Send again' }).waitFor();
  for (const someone of [alex, dana]) assert.deepEqual(someone.complaints, []);
});

test('where closed is closed, the page warns before, the card says it after, and the agent can send it again', async () => {
  const robin = await rule('Closed is closed');
  try {
    await both(robin.page, 'the settings of keeping');
    await picture(robin.page, 'admin-keeping-once');
    const { alex, dana } = await filling({ visits: open, works: open });
    await alex.form.getByText('This form opens once.').waitFor();

    // Leaving by way of the chat warns, and may be thought over.
    await alex.chat.getByRole('button', { name: 'Close chat' }).click();
    const question = alex.chat.getByRole('alertdialog');
    await question.getByText('It closes for good').waitFor();
    await both(alex.page, 'a question before a form closes for good');
    await question.getByRole('button', { name: 'Keep it open' }).click();

    await alex.form.getByRole('link', { name: /^Close/ }).or(alex.form.getByRole('button', { name: /^Close/ })).first().click();
    await alex.form.getByText('It opens once: when you leave, it closes for good').waitFor();
    await picture(alex.page, 'visitor-once-asks');
    await alex.form.getByRole('button', { name: 'Close and wipe' }).click();
    await alex.card.getByText('Here a form that was closed can’t be opened again.').waitFor();
    await both(alex.page, 'a form that is closed for good');
    await picture(alex.page, 'visitor-once-closed');
    assert.equal(await alex.card.getByRole('button', { name: 'Go to the form' }).count(), 0);

    await dana.page.getByText(/closed it, and here a closed form can't be opened again/).waitFor();
    await picture(dana.page, 'agent-once-closed');
    await alex.card.getByRole('button', { name: 'Ask for a new form' }).click();
    await dana.page.getByText(/asks for a new form/).first().waitFor();
    await dana.page.getByRole('button', { name: 'Send again' }).click();
    await alex.card.getByRole('button', { name: 'Fill in the form' }).waitFor();
    for (const someone of [alex, dana]) assert.deepEqual(someone.complaints, []);
  } finally {
    await rule('The same device may open it again');
  }
});
