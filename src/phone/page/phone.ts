/** The pages work without this; it only looks again by itself while something is to come. */
const waitMs = 1_000;
/** A kiosk that answers does so at once. */
const firstMs = 300;
const firstLooks = 5;
let looks = 0;
const offline = document.getElementById('offline');

async function look(): Promise<void> {
  const main = document.querySelector('main');
  if (!main?.hasAttribute('data-waiting')) return;
  try {
    const answer = await fetch(location.href, { credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.querySelector('main');
    if (next && next.innerHTML !== main.innerHTML) main.replaceWith(document.importNode(next, true));
    else if (next && !next.hasAttribute('data-waiting')) main.removeAttribute('data-waiting');
    if (offline) offline.hidden = true;
  } catch {
    if (offline) offline.hidden = false;
  }
  looks += 1;
  setTimeout(look, looks < firstLooks ? firstMs : waitMs);
}

/** A second tap on a button while the first is under way asks for nothing new. */
document.addEventListener('submit', ({ target }) => {
  if (!(target instanceof HTMLFormElement)) return;
  // Not before the form has been read: a disabled button is no part of it.
  setTimeout(() => {
    for (const button of target.querySelectorAll('button')) button.disabled = true;
  });
});
// Coming back to a page that was kept: its buttons are to work again.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

setTimeout(look, firstMs);
