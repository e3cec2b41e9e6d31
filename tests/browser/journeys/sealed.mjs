// What a visitor types leaves the page sealed to the vault's key, and is nowhere in the running vault's memory afterwards. Where
// sealing does not work, the form goes as it is; where the vault is not there, nothing typed is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, house } from '../parts/house.mjs';
import { fillCard, filling, reveal, talking } from '../parts/people.mjs';
import { inMemoryOfVault } from '../parts/vault.mjs';

/** The visitor's posts to the form, as they go over the wire. */
function posts(context) {
  const bodies = [];
  context.on('request', (request) => {
    const { pathname, origin } = new URL(request.url());
    if (origin === new URL(house.vault).origin && request.method() === 'POST' && /^\/form\/[0-9a-f-]{36}$/.test(pathname)) {
      bodies.push(new URLSearchParams(request.postData() ?? ''));
    }
  });
  return bodies;
}

const fields = (body) => Array.from(body.keys());
const seals = (form) => form.locator('#form[data-seals=true]').waitFor();
const press = (form) => form.getByRole('button', { name: 'Send securely' }).click();

test('a card leaves the page sealed, is refused and corrected like any other, and the agent sees what was typed', async () => {
  const { alex, dana } = await filling();
  const sent = posts(alex.context);
  await seals(alex.form);
  const name = `Canary ${crypto.randomUUID().replaceAll('-', '').replace(/\d/g, 'x')}`;

  await fillCard(alex.form, { name, number: '4111 1111 1111 1112' });
  await press(alex.form);
  await alex.form.getByRole('alert').waitFor();
  assert.equal(await alex.form.getByLabel('Name on card').inputValue(), name);

  await seals(alex.form);
  await fillCard(alex.form, { name });
  await press(alex.form);
  await alex.card.getByText('Sent securely').waitFor();
  assert.ok(sent.length >= 2);
  for (const body of sent) assert.deepEqual(fields(body), ['otk', 'key', 'sealed']);

  // Root alone may look; the vault is shut to everybody else.
  if (process.getuid() === 0) {
    const held = inMemoryOfVault([name, '4111111111111111', '4111 1111 1111 1111']);
    assert.deepEqual(held, [], 'nothing of it is in the vault\'s memory in clear');
  }

  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  const viewer = dana.page.frameLocator('iframe');
  await viewer.getByText(name).first().waitFor();
  await reveal(viewer, house.agents[0]);
  await viewer.getByText(card.number.replaceAll(' ', ''), { exact: false }).or(viewer.getByText(card.number)).first().waitFor();
});

test('a key that the vault no longer knows is fetched anew, and nothing typed is lost', async () => {
  const { alex } = await filling();
  const sent = posts(alex.context);
  await seals(alex.form);
  // As the vault offered it before it was started anew: nobody has the other half any more.
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const key = Buffer.from(await crypto.subtle.exportKey('raw', publicKey)).toString('base64url');
  let asked = 0;
  await alex.context.route('**/form/key', (route) =>
    asked++ === 0 ? route.fulfill({ json: { id: 'of-before', key } }) : route.continue());
  await fillCard(alex.form);
  await press(alex.form);
  await alex.card.getByText('Sent securely').waitFor();
  assert.equal(asked, 2);
  assert.equal(sent[0].get('key'), 'of-before');
  assert.notEqual(sent[1].get('key'), 'of-before');
});

test('a vault that does not answer leaves what was typed in the page, and trying again works', async () => {
  const { alex } = await filling();
  await seals(alex.form);
  await fillCard(alex.form);
  await alex.context.route('**/form/*', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()));
  await press(alex.form);
  await alex.form.getByText('What you typed is still here').waitFor();
  assert.equal(await alex.form.getByLabel('Card number').inputValue(), card.number);
  await alex.context.unrouteAll();
  await press(alex.form);
  await alex.card.getByText('Sent securely').waitFor();
});

test('where the script does not load, or is not the one that the page names, the form goes as it is', async () => {
  for (const answer of [(route) => route.abort(), (route) => route.fulfill({ contentType: 'text/javascript', body: 'window.evil = 1' })]) {
    const { alex, dana } = await talking();
    await alex.context.route('**/script/seal.js*', answer);
    const sent = posts(alex.context);
    await dana.sendForm('card');
    await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
    await alex.form.getByLabel('Card number').waitFor();
    await fillCard(alex.form);
    assert.equal(await alex.form.locator('body').evaluate(() => window.evil), undefined, 'the hash lets nothing else run');
    await press(alex.form);
    await alex.card.getByText('Sent securely').waitFor();
    assert.ok(sent[0].has('q-number') && !sent[0].has('sealed'));
  }
});
