// Runs before each page: `blocked` has what the Content-Security-Policy refused.
window.blocked = [];
document.addEventListener('securitypolicyviolation', (e) => {
  window.blocked.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`);
});
// Follows one of each kind of link that fetches a part into the page; gives how many links it followed and how many
// parts came.
window.swapAll = async () => {
  for (const one of document.querySelectorAll('details')) one.open = true;
  if (!window.htmx) return [0, 0];
  const way = (el) => el.getAttribute('hx-get') || el.getAttribute('href') || '';
  const kind = (el) => `${el.className} ${way(el).replace(/\?.*/, '').replace(/\d+/g, '#')}`;
  let sent = 0, answered = 0, swaps = 0;
  document.addEventListener('htmx:beforeSend', () => { sent += 1; });
  document.addEventListener('htmx:afterRequest', () => { answered += 1; });
  document.addEventListener('htmx:afterSettle', () => { swaps += 1; });
  const pause = () => new Promise((go) => { setTimeout(go, 20); });
  const done = new Set();
  for (let turn = 0; turn < 12; turn += 1) {
    const links = [...document.querySelectorAll('main [hx-get]:not(form, select, input, [data-cancel])')];
    const next = links.find((el) => el.checkVisibility() && !done.has(kind(el)));
    if (!next) break;
    done.add(kind(next));
    next.click();
    for (let wait = 0; wait < 500 && answered < sent; wait += 1) await pause();
  }
  // The last part settles, and what was refused is told, a moment later.
  for (let wait = 0; wait < 50 && swaps < done.size; wait += 1) await pause();
  if (swaps) await pause();
  return [done.size, swaps];
};
