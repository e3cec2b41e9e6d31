// What a visitor and an agent do, in the words that stand on the page.
import { house, card } from './house.mjs';
import { person } from './browser.mjs';
import { nextCode } from './codes.mjs';

/** A visitor on Northwind's page with the chat open. `chat` is the widget's frame. */
export async function visitor(options) {
  const self = await person(options);
  await self.page.goto(house.site);
  await self.page.getByRole('button', { name: 'Open chat' }).click();
  const chat = self.page.frameLocator('iframe[src*="/widget"]');
  const composer = chat.getByRole('textbox', { name: 'Write a message' });
  return {
    ...self,
    chat,
    /** The invitation card that was sent last. */
    card: chat.getByRole('region', { name: /^Card payment/ }).last(),
    /** The vault's page inside the sheet. */
    form: chat.frameLocator('iframe'),
    async say(text) {
      await composer.fill(text);
      await chat.getByRole('button', { name: 'Send', exact: true }).click();
      await chat.getByText(text).last().waitFor();
    },
  };
}

const signedIn = new Map();

/**
 * Somebody who is signed in at the workspace. Within one file of journeys a person signs in once for each kind of browser and
 * then opens another tab: a code works once, and a new one comes every 30 seconds.
 */
export async function worker(who, options) {
  const kind = JSON.stringify([who.name, options]);
  const before = signedIn.get(kind);
  const self = await (before ? before.another() : person({ viewport: { width: 1440, height: 900 }, ...options }));
  signedIn.set(kind, self);
  await self.page.goto(house.desk);
  const inside = self.page.getByRole('heading', { name: 'Conversations' }).or(self.page.getByRole('link', { name: 'Admin' }));
  await inside.or(self.page.getByLabel('Name')).first().waitFor();
  if (await self.page.getByLabel('Name').count()) await signIn(self.page, who);
  return self;
}

/** An agent who is signed in at the workspace. */
export async function agent(number, options) {
  return atWork(await worker(house.agents[number], options));
}

/** What an agent does in the workspace that `self` has open. */
export function atWork(self) {
  return {
    ...self,
    transcript: self.page.getByRole('region', { name: /^Conversation with/ }),
    /** Opens the conversation whose last words are `text`. */
    async take(text) {
      await self.page.getByRole('group', { name: 'Whose conversations' }).getByRole('button', { name: /^All/ }).click();
      await self.page.getByRole('link').filter({ hasText: text }).click();
    },
    async say(text) {
      await self.page.getByRole('textbox', { name: /^Message to/ }).fill(text);
      await self.page.keyboard.press('Enter');
      await self.page.getByRole('region', { name: /^Conversation with/ }).getByText(text).waitFor();
    },
    /** Sends the form that `/form NAME` finds, from the keyboard. */
    async sendForm(name) {
      await self.page.getByRole('textbox', { name: /^Message to/ }).fill(`/form ${name}`);
      await self.page.keyboard.press('Enter');
    },
    /** The vault's frame inside the card. */
    viewer: self.page.frameLocator('iframe[title*="shown by the vault"]'),
  };
}

/** Signs in with password and, where it is asked for, a code. */
export async function signIn(page, { name, password, sign_in }) {
  await page.goto(house.desk);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  if (sign_in) await page.getByLabel('Code from your app').fill(await nextCode(sign_in));
  await page.getByRole('heading', { name: 'Conversations' }).or(page.getByRole('link', { name: 'Admin' })).first().waitFor();
}

/** Reveals an answer in the vault's frame, with a code of `who` where the vault asks for one. */
export async function reveal(viewer, who, button = viewer.getByRole('button', { name: 'Reveal' }).first()) {
  await button.click();
  const field = viewer.getByRole('textbox', { name: 'Type the 6 digits from your code app' });
  const hide = viewer.getByRole('button', { name: 'Hide' }).first();
  await field.or(hide).first().waitFor();
  if (await field.isVisible()) await field.fill(await nextCode(who.confirm));
  await hide.waitFor();
}

/** Fills in the card form; `wrong` overrides single answers. */
export async function fillCard(form, wrong = {}) {
  const answers = { ...card, ...wrong };
  await form.getByLabel('Name on card').fill(answers.name);
  await form.getByLabel('Card number').fill(answers.number);
  await form.getByLabel('Expiry date').fill(answers.expiry);
  await form.getByRole('textbox', { name: 'Security code' }).fill(answers.code);
}

/** Asks the desk's API as whoever is signed in on `page`. */
export async function api(page, method, path, body) {
  const { status, text } = await page.evaluate(async ([method, path, body]) => {
    const asked = { method, headers: { 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) };
    const answer = await fetch(path, asked);
    return { status: answer.status, text: await answer.text() };
  }, [method, path, body]);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** The log's entries under `query`, once `enough` of them are there: the desk reads the vault's log every five seconds. */
export async function audited(page, query, enough) {
  for (const end = Date.now() + 30_000; ; await page.waitForTimeout(500)) {
    const { entries } = await api(page, 'GET', `/api/audit?${query}&limit=50`);
    if (enough(entries) || Date.now() > end) return entries;
  }
}

let count = 0;
/** Words that no other conversation of this run has. */
export const greeting = () => `Hello, this is visitor number ${process.pid}-${(count += 1)}`;

/** A visitor and an agent who talk, each in a browser of their own. */
export async function talking({ visits = {}, works = {} } = {}) {
  const alex = await visitor(visits);
  const hello = greeting();
  await alex.say(hello);
  const dana = await agent(0, works);
  await dana.take(hello);
  return { alex, dana, hello };
}

/** The same, with the card form sent and open before the visitor. */
export async function filling(options) {
  const both = await talking(options);
  await both.dana.sendForm('card');
  await both.alex.card.getByRole('button', { name: 'Fill in the form' }).click();
  await both.alex.form.getByLabel('Card number').waitFor();
  return both;
}
