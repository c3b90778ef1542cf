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
})();
