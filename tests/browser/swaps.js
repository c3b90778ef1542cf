// What a swap must leave behind: `wrongs` lists what the swaps since last time broke.
(() => {
  const words = (el) => `${el.tagName} ${el.id || el.className || ''} ${(el.ariaLabel || el.textContent).trim().slice(0, 40)}`;
  const LIVE = '[role=status], [aria-live]';
  let found = [], known = new WeakSet(), speaking = document.querySelectorAll(LIVE);
  window.waiting = 0;
  window.answers = 0;
  speaking.forEach((one) => known.add(one));
  document.addEventListener('htmx:beforeSend', () => { window.waiting += 1; });
  document.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (!detail.xhr.status) return;
    window.waiting -= 1;
    window.answers += 1;
  });
  document.addEventListener('htmx:afterSettle', ({ target }) => queueMicrotask(() => {
    const at = document.activeElement;
    if (at === document.body || !at.checkVisibility({ visibilityProperty: true })) found.push(`focus is lost after ${words(target)}`);
    // A region that comes with its words is not read out.
    for (const one of document.querySelectorAll(LIVE)) {
      if (!known.has(one) && one.textContent.trim()) found.push(`not there before it speaks: ${words(one)}`);
      known.add(one);
    }
  }));
  window.wrongs = () => {
    const all = found;
    found = [];
    return all;
  };

  // One link of each kind that fetches something into the page, in the order of the page.
  const way = (el) => el.getAttribute('hx-get') || el.getAttribute('href');
  const kind = (el) => `${el.className} ${way(el).replace(/\?.*/, '').replace(/\d+/g, '#')}`;
  window.ways = () => {
    const seen = new Set();
    return [...document.querySelectorAll('main [hx-get]:not(form, select, [data-cancel])')]
      .filter((el) => el.checkVisibility({ visibilityProperty: true }) && !seen.has(kind(el)) && seen.add(kind(el)))
      .map(way);
  };
})();
