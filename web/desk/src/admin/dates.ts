/** Days and moments as figures, where a clock's minute is too little. */
const days = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const moments = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const numbers = new Intl.NumberFormat();

/** 17 Nov 2026 */
export const day = (time: number): string => days.format(time);

/** 17 Nov, 10:38:02 */
export const moment = (time: number): string => moments.format(time);

/** 18,205 */
export const figure = (value: number): string => numbers.format(value);
