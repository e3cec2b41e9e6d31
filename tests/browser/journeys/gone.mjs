// Answers off the record go (V3), the agent is told why, and one click sends the form again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { card, house } from '../parts/house.mjs';
import { fillCard, filling, reveal } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

test('Done wipes the security code, the card says so, the rest is still there, and one click asks again', async () => {
  const { alex, dana } = await filling({ visits: open, works: open });
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await reveal(dana.viewer, house.agents[0], dana.viewer.getByRole('button', { name: /^Reveal.*Security code/ }));
  await dana.viewer.getByText(card.code, { exact: true }).waitFor();
  await dana.viewer.getByRole('button', { name: 'Done' }).click();

  await dana.page.getByText('You pressed Done, and the answers off the record were wiped.').waitFor();
  await both(dana.page, 'a form whose security code is gone');
  await picture(dana.page, 'gone');
  await dana.page.getByRole('button', { name: 'View the rest' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  assert.equal(await dana.viewer.getByRole('button', { name: /^Reveal.*Security code/ }).count(), 0, 'there is no code to reveal any more');
  await both(dana.page, 'the rest of a form');
  await picture(dana.page, 'gone-rest');
  await dana.viewer.getByRole('button', { name: 'Done' }).click();

  await dana.page.getByRole('button', { name: 'Send again' }).click();
  await alex.card.getByRole('button', { name: 'Fill in the form' }).waitFor();
  assert.equal(await alex.chat.getByRole('region', { name: /^Card payment/ }).count(), 2);
  for (const someone of [alex, dana]) assert.deepEqual(someone.complaints, []);
});
