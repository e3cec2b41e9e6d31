// The running house: where its hosts are, who its agents are.
export const house = JSON.parse(process.env.ASIDE_HOUSE ?? 'null');
if (!house) throw new Error('start these through run.mjs: they need a running house');

/** A published test card. */
export const card = { name: 'Ana O’Neil-Müller', number: '4111 1111 1111 1111', expiry: '04 / 39', code: '737' };
