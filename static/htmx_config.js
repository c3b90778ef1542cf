// How htmx behaves on every page; it reads this when the page is there.
Object.assign(htmx.config, {
  // The Content-Security-Policy allows neither.
  allowEval: false,
  includeIndicatorStyles: false,
  // What was on a shared computer's screen is not kept.
  historyCacheSize: 0,
  // Swapped and settled in one step, so that no key is lost between the two.
  defaultSettleDelay: 0,
  timeout: 30000,
  // A refused form is shown like a saved one; other errors are told by ui.js.
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '409|422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});
