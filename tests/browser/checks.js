// What every page must keep, asked in one go: each returns what is wrong, in words.
(() => {
  const words = (el) => `${el.tagName} ${el.id || el.name || ''} ${el.textContent.trim().slice(0, 40)}`;
  const seen = (el) => el.checkVisibility({ visibilityProperty: true });

  window.overflow = () => {
    const width = document.scrollingElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((el) => el.getBoundingClientRect().right > width + 1).slice(-3).map(words);
  };
  window.doubledIds = () => {
    const ids = [...document.querySelectorAll('[id]')].map((el) => el.id);
    return [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))];
  };
  window.moving = () => document.getAnimations()
    .filter((one) => one.timeline === document.timeline).map((one) => words(one.effect.target));
  // The current page among its neighbours: in forced colours too its line is the only one.
  window.marked = () => {
    const line = (el) => getComputedStyle(el).borderBlockEndColor;
    return [...document.querySelectorAll('.local [aria-current]')].flatMap((current) =>
      [...current.closest('ul').querySelectorAll('a:not([aria-current])')]
        .filter((other) => line(other) === line(current)).map(words));
  };
  // A word of few letters that stands one letter on a line has been squeezed.
  window.squeezed = () => [...document.querySelectorAll('main h1, main h2, main h3, main b, main label, .menu span')]
    .filter((el) => seen(el) && !el.closest('.vh') && el.textContent.trim().length > 3)
    .filter((el) => {
      const { width, height } = el.getBoundingClientRect();
      return width > 1 && width < 20 && height > 60;
    }).map(words);

  // In a window as low as that of 400 % zoom, what sticks leaves most of it to the content ...
  window.buried = () => [...document.querySelectorAll('body *')].filter((el) => {
    const { position, top, bottom } = getComputedStyle(el), { height } = el.getBoundingClientRect();
    const sticks = position === 'fixed' || (position === 'sticky' && (top !== 'auto' || bottom !== 'auto'));
    return sticks && seen(el) && height > innerHeight / 3;
  }).map(words);
  // ... and never lies over what has the focus.
  const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const label = (el) => (el.matches('[type=radio], [type=checkbox]') && el.labels?.[0]) || el;
  window.covered = () => [...document.querySelectorAll(FOCUSABLE)].filter((el) => {
    if (el.disabled || el.tabIndex < 0 || !seen(el) || el.type === 'hidden') return false;
    el.focus();
    const box = label(el);
    return ![...box.getClientRects()].some(({ left, right, top, bottom }) => {
      const on = document.elementFromPoint((left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
      return on && (box.contains(on) || on.contains(el));
    });
  }).map(words);

  // What looks as if it can be pressed can be reached with Tab.
  window.unreachable = () => [...document.querySelectorAll('body *')].filter((el) =>
    seen(el) && (getComputedStyle(el).cursor === 'pointer' || el.matches('[hx-get], [hx-post], [onclick]'))
    && !el.closest(FOCUSABLE) && !el.closest('label') && !el.matches('form, fieldset')).map(words);

  // Each control says what it does; two that are called the same within one context do the same.
  const CONTEXT = 'fieldset, [role=group], tr, form, nav, section, table, [aria-label], [aria-labelledby]';
  const within = (el, name) => {
    const found = [];
    for (let at = el.parentElement?.closest(CONTEXT); at; at = at.parentElement?.closest(CONTEXT)) {
      if (at.matches('tr')) found.push(at.querySelector('th')?.textContent);
      else if (at.matches('fieldset')) found.push(at.querySelector('legend')?.textContent);
      else if (at.matches('[aria-label], [aria-labelledby]')) found.push(name(at));
    }
    return found.join(' < ').replace(/\s+/g, ' ');
  };
  window.unclear = () => {
    axe.teardown();
    axe.setup(document.body);
    const name = (el) => axe.commons.text.accessibleText(el).trim().replace(/\s+/g, ' ');
    const controls = [...document.querySelectorAll(FOCUSABLE)].filter((el) => seen(el) && !el.disabled && el.type !== 'hidden' && el.tabIndex >= 0);
    const does = (el) => el.href || (el.matches('button, [type=submit]') && el.type !== 'button' && el.form && `${el.getAttribute('formaction') || el.form.getAttribute('action')} ${el.name} ${el.value} ${new URLSearchParams(new FormData(el.form))}`) || el;
    const known = new Map(), wrong = [];
    for (const el of controls) {
      const called = name(el), kind = el.matches('a') ? 'link' : el.type || el.tagName;
      if (!/[\p{L}\p{N}]/u.test(called)) { wrong.push(`no name: ${words(el)} ${el.outerHTML.slice(0, 90)}`); continue; }
      const key = `${kind} “${called}” in ${within(el, name)}`;
      const before = known.get(key);
      if (before !== undefined && before !== does(el)) wrong.push(`twice: ${key}`);
      known.set(key, does(el));
    }
    axe.teardown();
    return [...new Set(wrong)];
  };
  // A table says what its columns and rows are.
  window.headless = () => [...document.querySelectorAll('table')].filter((table) => {
    const first = [...table.rows[0]?.cells || []];
    return seen(table) && (!table.querySelector('th') || (first.length > 1 && !first.some((cell) => cell.tagName === 'TH')));
  }).map(words);

  // Forced colours take all backgrounds and shadows. `remember` lists what has no words of its own
  // and is seen by its background alone; `vanished` says what of it is gone afterwards.
  const clear = (colour) => /, 0\)$|transparent/.test(colour);
  const behind = (el) => {
    for (let at = el; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!clear(backgroundColor)) return backgroundColor;
    }
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'Canvas';
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const plain = (el, pseudo) => {
    const s = getComputedStyle(el, pseudo), ground = behind(pseudo ? el : el.parentElement);
    return (clear(s.backgroundColor) || s.backgroundColor === ground) && s.backgroundImage === 'none'
      && ['Top', 'Bottom', 'Left', 'Right'].every((side) => parseFloat(s[`border${side}Width`]) === 0 || s[`border${side}Color`] === ground);
  };
  const WORDLESS = ':not(input, select, textarea, progress, img, td, th, br, hr)';
  const wordless = (el) => {
    const { width, height } = el.getBoundingClientRect(), all = [];
    if (!el.childElementCount && !el.textContent.trim() && width && height && !el.closest('svg') && el.matches(WORDLESS)) all.push([el, null]);
    for (const pseudo of ['::before', '::after']) if (getComputedStyle(el, pseudo).content === '""') all.push([el, pseudo]);
    return all;
  };
  let painted = [];
  window.remember = () => {
    painted = [...document.querySelectorAll('main *')].filter(seen).flatMap(wordless).filter(([el, pseudo]) => !plain(el, pseudo));
    return [];
  };
  window.vanished = () => [...new Set(painted.filter(([el, pseudo]) => plain(el, pseudo))
    .map(([el, pseudo]) => `${el.tagName}.${el.className} ${pseudo || ''}`))];
  // What is chosen looks different from its neighbours, also where all have the same colours.
  const CHOSEN = '[aria-current]:not(th), [aria-pressed=true], .chips label:has(:checked), td[class|=is]:not(:has(svg))';
  const look = (el) => {
    const s = getComputedStyle(el);
    return [s.backgroundColor, s.color, s.borderTopColor, s.borderBottomColor, s.borderBottomWidth, s.textDecorationLine, s.outlineStyle].join();
  };
  window.alike = () => [...document.querySelectorAll(CHOSEN)].filter(seen).filter((chosen) => {
    const list = chosen.closest('tr, ul, ol, nav, .chips, fieldset') || chosen.parentElement;
    const others = [...list.querySelectorAll(chosen.tagName)].filter((one) => seen(one) && !one.matches(CHOSEN));
    return others.some((other) => look(other) === look(chosen));
  }).map(words);
})();
