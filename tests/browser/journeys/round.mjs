// One form all the way round, with a visitor and two agents at once, in real browsers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, house } from '../parts/house.mjs';
import { agent, fillCard, filling, greeting, reveal, visitor } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

/** Text without the invisible marks that keep a name's direction apart from its sentence's. */
const plain = (text) => text.replace(/[\u2068\u2069]/g, '');

/** Collects everything that goes to or comes from the hosts of the desk. */
function listen(context, heard) {
  const ofTheDesk = (url) => url.startsWith(house.desk) || url.startsWith(house.chat);
  context.on('request', (request) => {
    if (ofTheDesk(request.url())) heard.push(request.url() + (request.postData() ?? ''));
  });
  context.on('response', async (response) => {
    if (ofTheDesk(response.url())) heard.push(await response.text().catch(() => ''));
  });
  context.on('page', (page) => page.on('websocket', (socket) => {
    socket.on('framereceived', (frame) => heard.push(String(frame.payload)));
    socket.on('framesent', (frame) => heard.push(String(frame.payload)));
  }));
}

test('a card goes from the visitor to the agent who asked, and to nobody else', async () => {
  const heard = [];
  const alex = await visitor();
  listen(alex.context, heard);
  const hello = greeting();
  await alex.say(hello);

  const dana = await agent(0);
  listen(dana.context, heard);
  const sam = await agent(1);
  await dana.take(hello);
  await dana.say('Gladly. I send you a form that the chat cannot read.');
  await alex.chat.getByText('a form that the chat cannot read').first().waitFor();
  await sam.take('a form that the chat cannot read');

  await dana.sendForm('card');
  await alex.card.getByText('Ready.').waitFor();
  const steps = dana.page.getByRole('list', { name: /^Where/ }).first();
  await steps.getByRole('listitem').filter({ hasText: 'Received' }).filter({ hasText: 'it stands here' }).waitFor();
  const reference = (await alex.card.innerText()).match(/Ref\s+(\w{4})/)?.[1];
  assert.ok(reference, 'the card has a reference');
  await picture(alex.page, 'visitor-card');

  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await alex.form.getByLabel('Card number').waitFor();
  assert.match(await alex.form.locator('body').innerText(), new RegExp(`Ref\\s+${reference}`), 'the page has the same reference');
  await steps.getByRole('listitem').filter({ hasText: 'Viewed' }).filter({ hasText: 'it stands here' }).waitFor();
  await picture(alex.page, 'visitor-sheet');
  await picture(dana.page, 'agent-viewed', { widths: [360, 768, 1280] });

  // The chat goes on while the form is open (S9).
  await alex.say('One moment, I get my card.');
  await dana.transcript.getByText('One moment, I get my card.').waitFor();

  // What is wrong is said, nothing is lost, and the same form is good for another try (S6).
  await fillCard(alex.form, { number: '4111 1111 1111 1112' });
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  const problems = alex.form.getByRole('alert');
  await problems.waitFor();
  assert.match(plain(await problems.innerText()), /1 thing to fix/);
  assert.equal(await alex.form.getByLabel('Name on card').inputValue(), card.name, 'a plain answer is kept');
  assert.equal(await alex.form.getByRole('textbox', { name: 'Security code' }).inputValue(), '', 'a secret one is not');
  await picture(alex.page, 'visitor-errors');

  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await alex.card.getByText('Sent securely').waitFor();
  await picture(alex.page, 'visitor-sent');

  // The other agent sees the status and gets one clear sentence.
  await sam.page.getByText('Could not load secure form').first().waitFor();
  assert.equal(await sam.page.getByRole('button', { name: 'View secure form' }).count(), 0);
  await picture(sam.page, 'agent-refused');

  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  const shown = await dana.viewer.locator('body').innerText();
  assert.ok(!shown.replace(/\s/g, '').includes('4111111111111111'), 'the number is masked at first');
  assert.ok(!shown.includes(card.code), 'the code is masked at first');
  await picture(dana.page, 'agent-view');

  await reveal(dana.viewer, house.agents[0], dana.viewer.getByRole('button', { name: /^Reveal.*Card number/ }));
  await dana.viewer.getByText('4111 1111 1111 1111').waitFor();
  await reveal(dana.viewer, house.agents[0], dana.viewer.getByRole('button', { name: /^Reveal.*Security code/ }));
  await dana.viewer.getByText(card.code, { exact: true }).waitFor();
  await picture(dana.page, 'agent-revealed', { widths: [360, 768, 1280] });
  await dana.viewer.getByRole('button', { name: /^Hide.*Card number/ }).click();
  await dana.viewer.getByText('4111 1111 1111 1111').waitFor({ state: 'detached' });

  await dana.viewer.getByRole('button', { name: 'Done' }).click();
  await dana.page.locator('iframe[title*="shown by the vault"]').waitFor({ state: 'detached' });

  // Nothing of it went to or came from the desk: not the number, not the code, not the name.
  const all = heard.join('\n');
  assert.ok(all.includes('One moment, I get my card.'), 'the desk was listened to');
  for (const secret of ['4111111111111111', '4111 1111 1111 1111', 'Neil-M', `"${card.code}"`]) {
    assert.ok(!all.includes(secret), `the desk heard ${secret}`);
  }
  for (const someone of [alex, dana, sam]) assert.deepEqual(someone.complaints, []);
});

test('a view closes at once when the conversation does, and no right comes back', async () => {
  const { alex, dana } = await filling();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  await dana.page.getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByText('This conversation is closed.').first().waitFor();
  await dana.viewer.getByText(card.name).waitFor({ state: 'detached' });
  assert.equal(await dana.viewer.getByText(card.name).count(), 0, 'no answer is on the screen any more');
  assert.equal(await dana.page.getByRole('button', { name: /View/ }).count(), 0);
  assert.deepEqual(dana.complaints, []);
});

test('the visitor may say no, and both sides read it', async () => {
  const { alex, dana } = await filling();
  await alex.form.getByText('I don’t want to answer').click();
  await alex.form.getByRole('button', { name: 'Send no answer' }).click();
  await alex.card.getByText('You chose not to answer.').waitFor();
  await dana.page.getByText('chose not to answer').first().waitFor();
});

test('a form that was closed comes back empty on the device that opened it', async () => {
  const { alex, dana } = await filling();
  await alex.form.getByLabel('Name on card').fill(card.name);
  await alex.form.getByRole('button', { name: /^Close/ }).click();
  // Half filled in: the page asks first (S13).
  await alex.form.getByRole('button', { name: 'Close and wipe' }).click();
  await alex.card.getByRole('button', { name: 'Go to the form' }).click();
  await alex.form.getByLabel('Name on card').waitFor();
  assert.equal(await alex.form.getByLabel('Name on card').inputValue(), '');
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await alex.card.getByText('Sent securely').waitFor();
});
