// What tests of the keyboard ask of a page: `stop` looks at the element with the focus, `missed`
// lists what Tab should have reached, `lost` says after which swaps nothing had the focus.
(() => {
  const words = (el) =>
    `${el.tagName} ${el.id || el.name || ''} ${(el.ariaLabel || el.textContent).trim().slice(0, 40)}`;
  const label = (el) => el.labels?.[0] || el;
  const seen = new Set();
  let last = null;

  const hasRing = (el) =>
    [el, label(el)].some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    });

  const isCovered = (el) => {
    const box = label(el).contains(el) ? label(el) : el;
    return ![...box.getClientRects()].some(({ left, right, top, bottom, height }) => {
      // What is taller than the window cannot be seen whole.
      if (height > innerHeight) [top, bottom] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
      const on = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return on && (box.contains(on) || on.contains(el));
    });
  };

  const inColumns = (el) => {
    const { columnCount, columnWidth } = getComputedStyle(el);
    return columnCount !== 'auto' || columnWidth !== 'auto' || (el.parentElement && inColumns(el.parentElement));
  };

  // Of the two boxes that lie beside each other and hold one element each, the second must not be
  // the earlier: above the first (but at the top of the next column), or left of it in the same line.
  const goesBack = (from, to) => {
    let common = from;
    while (!common.contains(to)) common = common.parentElement;
    if (common === from || to.contains(from)) return false;
    const part = (el) => {
      while (el.parentElement !== common) el = el.parentElement;
      return el.getBoundingClientRect();
    };
    const a = part(from), b = part(to);
    if (!a.width || !b.width) return false;
    if (b.left >= a.right - 1 && inColumns(common)) return false;
    return b.bottom <= a.top + 1 || (b.top < a.bottom - 1 && b.right <= a.left + 1);
  };

  // What is wrong with where the focus is; null at the end of the page.
  window.stop = () => {
    const el = document.activeElement, wrong = [];
    if (el === document.body || seen.has(el)) return null;
    if (last?.isConnected && goesBack(last, el)) wrong.push(`${words(last)} > ${words(el)} goes back`);
    if (!hasRing(el)) wrong.push(`${words(el)} has no ring`);
    if (isCovered(el)) wrong.push(`${words(el)} is covered`);
    seen.add(el);
    last = el;
    return wrong;
  };

  const REACHED = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const isOneOfSeen = (el) =>
    el.type === 'radio' && [...seen].some((one) => one.name === el.name && one.form === el.form);
  window.missed = () =>
    [...document.querySelectorAll(REACHED)]
      .filter((el) => !el.disabled && el.tabIndex >= 0 && el.type !== 'hidden' && !seen.has(el))
      .filter((el) => el.checkVisibility({ visibilityProperty: true }) && !isOneOfSeen(el))
      .map(words);

  window.lost = [];
  document.addEventListener('htmx:afterSettle', (e) => queueMicrotask(() => {
    if (document.activeElement === document.body) window.lost.push(words(e.target));
  }));
})();
