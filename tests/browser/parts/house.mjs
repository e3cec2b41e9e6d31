// The running house: where its hosts are, who its people are.
export const house = JSON.parse(process.env.ASIDE_HOUSE ?? 'null');
if (!house) throw new Error('start these through run.mjs: they need a running house');
house.agents = house.people.filter(({ role }) => role === 'agent');
house.admin = house.people.find(({ role }) => role === 'admin');
house.manager = house.people.find(({ role }) => role === 'manager');

/** A published test card. */
export const card = { name: 'Ana O’Neil-Müller', number: '4111 1111 1111 1111', expiry: '04 / 39', code: '737' };
