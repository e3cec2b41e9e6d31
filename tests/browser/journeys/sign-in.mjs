// Signing in with its wrong steps, the lock, the admin's pages, and somebody who is blocked with an open view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibleInBoth as both } from '../parts/axe.mjs';
import { person, shownIn } from '../parts/browser.mjs';
import { nextCode } from '../parts/codes.mjs';
import { card, house } from '../parts/house.mjs';
import { newcomer, readyForForms } from '../parts/newcomer.mjs';
import { agent, api, fillCard, greeting, visitor, worker } from '../parts/people.mjs';
import { picture } from '../parts/pictures.mjs';

const open = { bypassCSP: true };

test('a wrong code is refused, the right one opens the workspace, and nobody comes in by the first step alone', async () => {
  const dana = house.agents[0];
  const { page } = await person(open);
  await page.goto(house.desk);
  await page.getByLabel('Name').fill(dana.name);
  await page.getByRole('textbox', { name: 'Password' }).fill(dana.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  const code = page.getByLabel('Code from your app');
  await code.waitFor();
  await both(page, 'the second step');
  await picture(page, 'second-step');
  assert.equal((await page.evaluate(async () => (await fetch('/api/conversations')).status)), 403);
  await code.fill('000000');
  await page.getByText('That code is not right').first().waitFor();
  await both(page, 'a wrong code');
  await code.fill(await nextCode(dana.sign_in));
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();
});

test('a locked page shows nothing of the work, and opens again with the password alone', async () => {
  const dana = await agent(0, open);
  await dana.page.getByRole('button', { name: /^Account of/ }).click();
  await dana.page.getByRole('button', { name: 'Lock', exact: true }).or(dana.page.getByRole('menuitem', { name: 'Lock', exact: true })).first().click();
  await dana.page.getByRole('heading', { name: 'Locked' }).waitFor();
  await both(dana.page, 'the lock');
  await picture(dana.page, 'lock');
  assert.equal((await dana.page.evaluate(async () => (await fetch('/api/conversations')).status)), 423);
  await dana.page.reload();
  await dana.page.getByRole('heading', { name: 'Locked' }).waitFor();
  const password = dana.page.getByRole('textbox', { name: 'Password' });
  await password.fill('not the password');
  await dana.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await dana.page.getByText('That password is not right').first().waitFor();
  await password.fill(house.agents[0].password);
  await dana.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await dana.page.getByRole('heading', { name: 'Conversations' }).waitFor();
});

test('a page that nobody is at locks by itself', async () => {
  const robin = await worker(house.admin, open);
  const { policy } = await api(robin.page, 'GET', '/api/security');
  const hasty = { ...policy, idle: { ...policy.idle, lock_after_minutes: 1 } };
  await api(robin.page, 'PUT', '/api/security', { policy: hasty });
  const dana = await agent(0, open);
  await dana.page.getByText(/This page locks in/).first().waitFor({ timeout: 90_000 });
  await dana.page.getByRole('heading', { name: 'Locked' }).waitFor({ timeout: 90_000 });
  await dana.page.getByRole('textbox', { name: 'Password' }).fill(house.agents[0].password);
  await dana.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await dana.page.getByRole('heading', { name: 'Conversations' }).waitFor();
  // Robin was idle as long as Dana, and is asked too.
  await robin.page.getByRole('heading', { name: 'Locked' }).waitFor();
  await robin.page.getByRole('textbox', { name: 'Password' }).fill(house.admin.password);
  await robin.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await robin.page.getByRole('link', { name: 'Admin' }).waitFor();
  await api(robin.page, 'PUT', '/api/security', { policy });
});

test('each page of the admin', async () => {
  const robin = await worker(house.admin, open);
  for (const section of ['people', 'profiles', 'security', 'keeping', 'privacy', 'keys', 'audit', 'alerts', 'access']) {
    await robin.page.goto(`${house.desk}/#/admin/${section}`);
    await robin.page.locator('h2').first().waitFor();
    await both(robin.page, `admin, ${section}`);
    await picture(robin.page, `admin-${section}`);
  }
});

test('somebody who is blocked with an open view loses it at once and is signed out', async () => {
  const robin = await worker(house.admin, open);
  const lou = await newcomer(robin, { name: 'lou', display_name: 'Lou' });
  await readyForForms(lou.page);
  const alex = await visitor();
  const hello = greeting();
  await alex.say(hello);
  await lou.take(hello);
  await lou.sendForm('card');
  await alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await fillCard(alex.form);
  await alex.form.getByRole('button', { name: 'Send securely' }).click();
  await lou.page.getByRole('button', { name: 'View secure form' }).click();
  // Setting up a confirmation confirmed the session, for some minutes.
  await lou.viewer.getByRole('button', { name: /^Reveal.*Card number/ }).click();
  await lou.viewer.getByText(card.number).waitFor();

  await api(robin.page, 'POST', `/api/people/${lou.id}/deactivate`, {});
  await lou.page.getByLabel('Name').waitFor();
  for (const shown of await shownIn(lou.page)) {
    assert.ok(!shown.includes(card.number), 'nothing of the answer is on the page');
  }
  await picture(lou.page, 'blocked');
});
