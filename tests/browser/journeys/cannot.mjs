// A vault that cannot take answers just now (V2, V3): the visitor is told before typing, the agent when sending or viewing, nothing
// is used up, and as soon as it can it goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { card } from '../parts/house.mjs';
import { agent, fillCard, filling, greeting, visitor } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';
import { withSealedKeys, withSettings } from '../parts/vault.mjs';

const open = { bypassCSP: true };
const fillIn = (alex) => alex.card.getByRole('button', { name: 'Fill in the form' });

async function sendCard(alex) {
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await alex.card.getByText('Sent securely').waitFor();
}

test('a vault without room for what is never stored says so before anybody types', async () => {
  await withSettings((text) => text.replace(/^off_the_record_minutes.*$/m, '$&\noff_the_record_answers = 1'), async () => {
    const [alex, bea] = [await visitor(open), await visitor(open)];
    const hellos = [greeting(), greeting()];
    for (const [place, who] of [alex, bea].entries()) await who.say(hellos[place]);
    const dana = await agent(0, open);
    for (const [place, who] of [alex, bea].entries()) {
      await dana.take(hellos[place]);
      await dana.sendForm('card');
      await fillIn(who).waitFor();
    }
    // The room is for one security code, and Alex is about to type it.
    await fillIn(alex).click();
    await alex.form.getByLabel('Card number').waitFor();

    await fillIn(bea).click();
    await bea.card.getByText('The vault has no room for another form just now. Nothing was sent.').waitFor();
    await both(bea.page, 'a form that there is no room for');
    await picture(bea.page, 'visitor-vault-full');
    assert.equal(await bea.form.getByLabel('Card number').count(), 0, 'nothing to type into');

    await dana.sendForm('card');
    await dana.page.getByText('The form was not sent. The vault has no room in memory just now.').first().waitFor();
    await both(dana.page, 'a form that was not sent for want of room');
    await picture(dana.page, 'agent-vault-full');
    assert.equal(await bea.chat.getByRole('region', { name: /^Card payment/ }).count(), 1, 'the visitor hears of no form that was not sent');

    // Where one is done with, the other goes on: with the form that was there, and nobody sends it again.
    await alex.form.getByText('I don’t want to answer').click();
    await alex.form.getByRole('button', { name: 'Send no answer' }).click();
    await alex.card.getByText('You chose not to answer.').waitFor();
    await bea.card.getByRole('button', { name: 'Try again' }).click();
    await sendCard(bea);
    await dana.page.getByRole('button', { name: 'View secure form' }).waitFor();
    for (const someone of [alex, bea, dana]) assert.deepEqual(someone.complaints, []);
  });
});

test('a vault whose keys are sealed takes and shows nothing, says so on both sides, and goes on when they are unsealed', async () => {
  const { alex, dana } = await filling({ visits: open, works: open });
  await sendCard(alex);
  await dana.sendForm('note');
  const note = alex.chat.getByRole('region', { name: /^Secure note/ }).last();
  await note.getByRole('button', { name: 'Fill in the form' }).waitFor();
  await withSealedKeys(async (unseal) => {
    await note.getByRole('button', { name: 'Fill in the form' }).click();
    await note.getByText('vault is locked at the moment. Nothing was sent.').waitFor();
    await both(alex.page, 'a form of a vault that is sealed');
    await picture(alex.page, 'visitor-vault-sealed');
    assert.equal(await alex.form.getByRole('textbox').count(), 0, 'nothing to type into');

    await dana.sendForm('card');
    await dana.page.getByText('The form was not sent. The vault is locked: whoever runs it has to unseal it.').first().waitFor();
    await dana.page.getByRole('button', { name: 'View the rest' }).click();
    await dana.page.getByText('The answers are safe, but the vault is locked and can\'t show them.').first().waitFor();
    await both(dana.page, 'a vault that is sealed');
    await picture(dana.page, 'agent-vault-sealed');
    assert.equal(await dana.page.getByRole('article').getByRole('button', { name: 'Try again' }).count(), 0, 'sending again is not what trying again would be');

    unseal();
    await note.getByRole('button', { name: 'Try again' }).click();
    await alex.form.getByRole('textbox').first().fill('The blue door, ring twice.');
    await alex.form.getByRole('button', { name: 'Send securely' }).click();
    await note.getByText('Sent securely').waitFor();
    await dana.page.getByRole('button', { name: 'View the rest' }).click();
    await dana.viewer.getByText(card.name).waitFor();
    await dana.viewer.getByRole('button', { name: 'Done' }).click();
    for (const someone of [alex, dana]) assert.deepEqual(someone.complaints, []);
  });
});
