// Every page in every state that a person meets: axe with all WCAG A and AA and best-practice rules, no violation; no sideways
// scrolling at 320 px; and the visitor's part by keyboard alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible } from '../parts/axe.mjs';
import { person } from '../parts/browser.mjs';
import { card, house } from '../parts/house.mjs';
import { agent, fillCard, filling, greeting, reveal, talking, visitor } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

async function narrow(page, what) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const frame of page.frames()) {
    // The page may need a moment to lay itself out anew.
    await frame.waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth, null, { timeout: 3_000 })
      .catch(async (error) => {
        if (frame.isDetached()) return;
        const wide = await frame.evaluate(() => document.documentElement.scrollWidth);
        assert.fail(`${what}: ${new URL(frame.url()).pathname} is ${wide} px wide at 320 px (${error.name})`);
      });
  }
  await page.setViewportSize(before);
}

async function both(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await narrow(page, what);
}

test('the first page, the login and a wrong password', async () => {
  const { page } = await person(open);
  await page.goto(house.start);
  await both(page, 'the first page');
  await picture(page, 'start', { fullPage: true });
  await page.goto(house.desk);
  await page.getByLabel('Name').waitFor();
  await both(page, 'the login');
  await picture(page, 'login');
  await page.getByLabel('Name').fill('dana');
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('don\'t go together').waitFor();
  await both(page, 'a wrong password');
});

test('both sides of a form, in each state', async () => {
  const alex = await visitor(open);
  await both(alex.page, 'an empty chat');
  const dana = await agent(0, open);
  const hello = greeting();
  await alex.say(hello);
  await both(dana.page, 'the list');
  await dana.take(hello);
  await both(dana.page, 'a conversation');
  await picture(dana.page, 'agent-conversation');
  await dana.page.getByRole('textbox', { name: /^Message to/ }).fill('/form');
  await both(dana.page, 'the palette');
  await picture(dana.page, 'agent-palette');
  await dana.page.keyboard.press('Enter');
  const button = alex.card.getByRole('button', { name: 'Fill in the form' });
  await button.waitFor();
  await both(alex.page, 'an invitation');
  await button.click();
  await alex.form.getByLabel('Card number').waitFor();
  await both(alex.page, 'an open form');
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await alex.form.getByRole('alert').waitFor();
  await both(alex.page, 'a form with errors');
  await fillCard(alex.form);
  await both(alex.page, 'a filled form');
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await alex.card.getByText('Sent securely').waitFor();
  await both(alex.page, 'a sent form');

  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await dana.viewer.getByText(card.name).waitFor();
  await both(dana.page, 'the answers, masked');
  await reveal(dana.viewer, house.agents[0], dana.viewer.getByRole('button', { name: /^Reveal.*Card number/ }));
  await dana.viewer.getByText('4111 1111 1111 1111').waitFor();
  await both(dana.page, 'an answer, revealed');

  const sam = await agent(1, open);
  await sam.take(hello);
  await sam.page.getByText('Could not load secure form').first().waitFor();
  await both(sam.page, 'a refusal');
  await dana.viewer.getByRole('button', { name: 'Done' }).click();
  await dana.page.getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByRole('dialog').waitFor();
  await both(dana.page, 'a question before closing');
  await dana.page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
  await dana.page.getByText('This conversation is closed.').first().waitFor();
  await both(dana.page, 'a closed conversation');
  await both(alex.page, 'a closed chat');
});

test('forms that came to an end without answers', async () => {
  const { alex, dana } = await filling({ visits: open, works: open });
  await dana.page.getByRole('button', { name: 'Cancel' }).first().click();
  await alex.card.getByText('Cancelled').waitFor();
  await both(alex.page, 'a cancelled form');
  await both(dana.page, 'a form the agent cancelled');
  await picture(alex.page, 'visitor-cancelled');

  await dana.page.getByRole('button', { name: 'Send again' }).click();
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await alex.form.getByText('I don’t want to answer').click();
  await both(alex.page, 'a question before declining');
  await alex.form.getByRole('button', { name: 'Send no answer' }).click();
  await alex.card.getByText('You chose not to answer.').waitFor();
  await both(alex.page, 'a declined form');
  await both(dana.page, 'a form the visitor declined');
  await picture(alex.page, 'visitor-declined');

  const stranger = await person(open);
  await stranger.page.goto(`${house.vault}/form/018f0000-0000-7000-8000-000000000000`);
  await both(stranger.page, 'a form that is not this browser\'s');
});

test('the pages behind a link', async () => {
  const { dana } = await talking({ visits: open, works: open });
  await dana.page.getByRole('button', { name: /^Send .?Secure note.? as a link/ }).first().click();
  const link = await dana.page.getByLabel('Link', { exact: true }).inputValue();
  await both(dana.page, 'a fresh link');
  const { page } = await person({ ...open, viewport: { width: 360, height: 780 } });
  await page.goto(link);
  await both(page, 'the link\'s page');
  await page.getByRole('button').click();
  const note = page.getByRole('textbox').first();
  await note.fill('Every character: < > ( ) \\ \' " & — ✓ 漢字 עברית');
  await both(page, 'a note');
  await picture(page, 'note', { fullPage: true });
  await page.getByRole('button', { name: 'Send securely' }).click();
  await page.getByRole('heading', { name: /sent/i }).waitFor();
  await both(page, 'a sent note');

  const other = await person({ ...open, viewport: { width: 360, height: 780 } });
  await other.page.goto(link);
  await both(other.page, 'a used link');
  await other.page.goto(`${house.vault}/o/${'A'.repeat(43)}`);
  await both(other.page, 'a link that is not valid');
  await picture(other.page, 'link-not-valid', { fullPage: true });

  await dana.page.getByRole('button', { name: 'Done' }).click();
  await dana.page.getByRole('button', { name: 'View secure form' }).click();
  await reveal(dana.viewer, house.agents[0], dana.viewer.getByRole('button', { name: /^Reveal/ }).first());
  await dana.viewer.getByText('漢字').waitFor();
  assert.match(await dana.viewer.locator('body').innerText(), /< > \( \) \\ ' " & — ✓ 漢字 עברית/, 'the note came as it was written');
  await both(dana.page, 'a note, revealed');
});

test('a visitor on a phone fills in the form with the keyboard alone', async () => {
  const phone = { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true };
  const { alex, dana } = await talking({ visits: phone });
  await dana.sendForm('card');
  await alex.card.getByRole('button', { name: 'Fill in the form' }).waitFor();
  await picture(alex.page, 'phone-card', { widths: [360] });
  await alex.card.getByRole('button', { name: 'Fill in the form' }).focus();
  await alex.page.keyboard.press('Enter');
  await alex.form.getByLabel('Name on card').waitFor();
  await picture(alex.page, 'phone-form', { widths: [360] });
  await alex.form.getByLabel('Name on card').focus();
  for (const text of [card.name, '4111111111111111', '0439', card.code]) {
    await alex.page.keyboard.type(text);
    await alex.page.keyboard.press('Tab');
  }
  // The peek at the code lies between the code and the button; it says its state.
  const peek = alex.form.getByRole('button', { name: /security code/i });
  await peek.waitFor();
  assert.ok(await peek.evaluate((button) => button === document.activeElement), 'Tab reaches the peek');
  await alex.page.keyboard.press('Enter');
  assert.equal(await alex.form.getByRole('textbox', { name: 'Security code' }).getAttribute('type'), 'text');
  assert.equal(await alex.form.getByLabel('Card number').inputValue(), card.number, 'the number is grouped as on the card');
  await picture(alex.page, 'phone-filled', { widths: [360] });
  await alex.page.keyboard.press('Tab');
  await alex.page.keyboard.press('Enter');
  await alex.form.getByRole('heading', { name: /^Sent to/ }).waitFor();
  await picture(alex.page, 'phone-sent', { widths: [360] });
  await alex.form.getByRole('main').getByRole('button', { name: 'Back to the chat' }).click();
  await alex.card.getByText('Sent securely').waitFor();
  assert.deepEqual(alex.complaints, []);
});
