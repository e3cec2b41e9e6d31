// Keeps the codes on the page those that the code apps show now.
const cells = [...document.querySelectorAll('[data-code]')];
const left = document.querySelector('[data-seconds]');

let seconds = Number(left.textContent);

async function renew() {
  const shown = await (await fetch('/codes')).json();
  shown.codes.forEach((code, place) => { cells[place].textContent = code; });
  seconds = shown.seconds;
}

setInterval(async () => {
  seconds -= 1;
  // The demo was stopped: what stands here is old, and says so by standing still.
  if (seconds <= 0) await renew().catch(() => { seconds = 0; });
  left.textContent = String(seconds);
}, 1000);
