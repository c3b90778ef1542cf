// Progressive bits only: every page works without this file. TEXTS are those of krams/web/script_texts.py.
const doc = document, say = TEXTS[doc.documentElement.lang];
const on = (name, then) => doc.addEventListener(name, then);
doc.documentElement.classList.add('js');

on('click', (e) => {
  const step = e.target.closest('[data-step]');
  if (step) {
    const i = step.parentElement.querySelector('input');
    const now = +i.value.replace(/(\d)[. ](?=\d{3}(\D|$))/g, '$1') || 0, { least = 0, most = 1e6 } = i.dataset;
    i.value = Math.min(+most, Math.max(+least, now + +step.dataset.step));
    i.dispatchEvent(new Event('change', { bubbles: true }));
  }
  if (e.target.closest('[data-print]')) print();
  for (const menu of doc.querySelectorAll('.menu[open]')) menu.open = menu.contains(e.target);
});

// "Cancelled" gives way to its reasons: the first of them takes the focus.
doc.addEventListener('toggle', (e) => { if (e.target.open && e.target.matches('.tap details') && !e.target.querySelector(':focus:not(summary)')) e.target.querySelector('input').focus(); }, true);

// Escape: close the menu, or leave the edit form by its own link (<a data-cancel>).
on('keydown', (e) => {
  if (e.key !== 'Escape' || e.defaultPrevented) return;
  const menu = doc.querySelector('.menu[open]');
  if (menu) { menu.open = false; menu.firstElementChild.focus(); return; }
  e.target.closest(e.target.tagName === 'H2' ? 'section' : 'form')?.querySelector('[data-cancel]')?.click();
});

// In a long choice of chips a letter goes to the next one that begins with it, as in a list.
on('keydown', (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.key.length > 1 || e.key === ' ' || !e.target.matches('.pickers input')) return;
  const chips = [...e.target.closest('form').querySelectorAll('.pickers input')], now = chips.indexOf(e.target);
  const from = now + e.target.checked, after = [...chips.slice(from), ...chips.slice(0, from)];
  const next = after.find((i) => i.labels[0].textContent.trim().toLowerCase().startsWith(e.key.toLowerCase()));
  if (next) { e.preventDefault(); next.closest('details')?.setAttribute('open', ''); next.checked = true; next.focus(); next.dispatchEvent(new Event('change', { bubbles: true })); }
});

// A browser leaves a link that it shows 32 px of where it is; the focus should be seen whole.
// Of a text that Tab leads to, a line.
on('focusin', (e) => { if (e.target.matches('.pick a')) e.target.scrollIntoView({ block: 'nearest', inline: 'nearest' }); });
on('keyup', (e) => { if (e.key === 'Tab' && e.target.matches('textarea')) e.target.scrollIntoView({ block: 'nearest' }); });

// A table from Word or Excel: beside its text goes what joins cells, without how it looks.
on('paste', (e) => {
  const html = e.target.matches('[data-paste-table]') && /<table[^]*<\/table>/i.exec(e.clipboardData.getData('text/html'));
  if (html) setTimeout(() => { e.target.form.elements.html.value = html[0].replace(/ (style|width|valign)=(['"])(?!mso-list)[^]*?\2/gi, ''); });
});
on('input', ({ target: t }) => { if (t.matches('[data-paste-table]')) t.form.elements.html.value = ''; });

// Errors first, then whatever the new content asks for; the title says that something is wrong.
const attend = (root) => {
  const target = root.matches?.('#error-summary, [data-focus]') ? root
    : root.querySelector('#error-summary') || root.querySelector('[data-focus], [autofocus]');
  target?.focus();
  // Asked for once: what opens beside it later has its own first field.
  target?.removeAttribute('data-focus');
  const title = doc.title.replace(say.error + ' ', '');
  doc.title = (doc.querySelector('main [aria-invalid=true], #error-summary') ? say.error + ' ' : '') + title;
};
on('htmx:afterSettle', (e) => {
  e.target.querySelector('dialog')?.showModal();
  if (e.target.id !== 'messages') attend(e.target);
  // What had the focus went with the swap: it is at the link that opens the same again.
  if (doc.activeElement === doc.body) e.target.querySelector('[hx-get]')?.focus();
});
doc.getElementById('error-summary')?.focus();

// Beside a date: the days most often meant, and a calendar that writes what is chosen in it.
on('click', (e) => {
  const by = e.target.closest('[data-day]');
  if (!by) return;
  const [field, calendar] = by.parentElement.querySelectorAll('input');
  const put = (day) => { field.value = day; field.dispatchEvent(new Event('change', { bubbles: true })); field.focus(); };
  if (by.dataset.day) return put(by.dataset.day);
  calendar.value = field.value.split('.').reverse().join('-');
  calendar.onchange = () => put(calendar.value.split('-').reverse().join('.'));
  calendar.showPicker();
});

// A list that is folded away says in its summary what is ticked.
on('change', (e) => {
  const list = e.target.closest('[data-picks]'), names = [...list?.querySelectorAll(':checked') || []].map((i) => i.parentElement.textContent.trim());
  if (list) list.querySelector('.muted').textContent = names.join(', ');
});

// An address is proposed from the name until somebody writes another one.
on('input', ({ target: { dataset, value } }) => {
  const address = doc.getElementById(dataset.address);
  if (!address || address.value !== (address.dataset.proposed || '')) return;
  const letters = value.toLowerCase().replace(/[æøå]/g, (one) => ({ æ: 'ae', ø: 'oe', å: 'aa' })[one]).normalize('NFKD');
  address.value = address.dataset.proposed = letters.replace(/[^\w\s-]/g, '').replace(/[-\s]+/g, '-').replace(/^[-_]+|[-_]+$/g, '').slice(0, 50);
});

// A link with a mere hx-get fetches what it leads to: a matrix has hundreds of them.
on('htmx:configRequest', ({ detail }) => {
  if (detail.elt.getAttribute('hx-get') === '') detail.path = detail.elt.getAttribute('href');
});
// A log-in in another tab renews the token; the form that waits here must follow.
const token = () => (doc.cookie.match(/__Host-csrftoken=([^;]+)/) || doc.cookie.match(/csrftoken=([^;]+)/))?.[1];
on('htmx:configRequest', ({ detail: { parameters } }) => {
  if (token() && parameters.csrfmiddlewaretoken) parameters.csrfmiddlewaretoken = token();
});

// What somebody typed is never lost silently: a link, a swap or Escape that would take it away asks first.
let sent, asking;
const changed = (i) => !i.matches('[type=hidden], [data-look]') && (i.options ? i.selectedIndex !== Math.max(0, [...i.options].findIndex((o) => o.defaultSelected))
  : /radio|checkbox/.test(i.type) ? i.checked !== i.defaultChecked : i.defaultValue !== undefined && i.value !== i.defaultValue);
const unsaved = (root, own = sent) => [...root.querySelectorAll('main form[method=post]')].some((f) => f !== own && !f.querySelector('[type=password]')
  && (f.matches('.clash, [data-kept]') || f.querySelector('[aria-invalid=true]') || [...f.elements].some(changed)));
on('htmx:beforeRequest', (e) => {
  const { elt, target } = e.detail, swap = elt.closest('[hx-swap]')?.getAttribute('hx-swap') || '';
  const root = elt.matches('[data-cancel]') ? elt.closest('form').parentElement : /^(inner|outer|$)/.test(swap) && target;
  if (root && unsaved(root, elt) && !confirm(say.unsaved)) e.preventDefault();
});
on('htmx:afterSettle', ({ target, detail: { xhr, requestConfig: { elt, triggeringEvent: by } } }) => {
  // It came back with what was typed: a refusal, or one more line was asked for.
  if (elt.action && (xhr.status > 399 || by?.submitter?.name)) for (const f of [target, ...target.querySelectorAll('form')]) if (f.action === elt.action) f.dataset.kept = '';
});
on('htmx:beforeOnLoad', ({ detail: { elt, xhr } }) => { if (/^hx-re/im.test(xhr.getAllResponseHeaders())) sent = elt.closest('form'); });
addEventListener('beforeunload', (e) => { if (unsaved(doc)) e.preventDefault(); });
// "Back" to a page of a session that is over.
addEventListener('pageshow', (e) => {
  sent = asking = 0;
  if (e.persisted && !unsaved(doc)) fetch('', { method: 'OPTIONS', headers: { 'HX-Request': 'true' } }).then((r) => r.status === 401 && location.reload());
});

// One save at a time; after 300 ms the button says that it is under way. Fields wait.
const busy = new WeakMap();
on('htmx:beforeRequest', (e) => {
  const { elt, requestConfig: { verb, triggeringEvent } } = e.detail;
  elt.closest('form')?.querySelectorAll('.note[data-fail]').forEach((n) => n.remove());
  if (elt.nextElementSibling?.matches('[data-fail]')) elt.nextElementSibling.remove();
  if (e.defaultPrevented || verb === 'get' || elt.tagName !== 'FORM') return;
  const buttons = [...elt.querySelectorAll('button:not([type=button]):not(:disabled)')];
  const pressed = triggeringEvent?.submitter || buttons[0], html = pressed?.innerHTML;
  const wait = (is) => { buttons.forEach((b) => { b.disabled = is; }); for (const i of elt.elements) i.readOnly = is; };
  wait(true);
  const timer = setTimeout(() => { if (pressed) Object.assign(pressed, { ariaBusy: 'true', textContent: say.busy }); }, 300);
  busy.set(e.detail.xhr, () => {
    clearTimeout(timer);
    wait(false);
    if (pressed?.ariaBusy) Object.assign(pressed, { ariaBusy: null, innerHTML: html });
    if (doc.activeElement === doc.body && pressed?.isConnected) pressed.focus();
  });
});
on('htmx:afterRequest', ({ detail: { xhr } }) => {
  if (busy.has(xhr) && xhr.status && xhr.status < 500) delete store.kept;
  busy.get(xhr)?.();
});

// The portal is away: what was sent stays in the browser, and goes again by itself when it is back.
const store = sessionStorage;
const keep = (f, by) => { if (!f.querySelector('[type=password]')) store.kept = JSON.stringify([f.action, [...new FormData(f, by)].filter(([, value]) => value.trim)]); };
const wait = (f, again) => setTimeout(() => again.isConnected && fetch('/readyz').then((r) => r.ok, () => 0).then((is) => is ? again.click() : wait(f, again)), f.ms = Math.min(2 * (f.ms || 500), 3e4));

// The form stays; a note where the eye is says why and offers another try.
const failed = (elt, status, pressed) => {
  const note = doc.createElement('div'), again = doc.createElement('button'), isForm = elt.tagName === 'FORM';
  Object.assign(note, { className: 'note is-warn', role: 'alert' }).dataset.fail = '';
  const isAway = elt.method === 'post' && (!status || status > 501);
  note.append((status === 401 ? say.out : status === 429 ? say.many : status >= 400 && status < 500 ? say.refused : isAway ? say.failed + ' ' + say.waits : say.failed) + ' ');
  if (status === 401) {
    note.append(Object.assign(doc.createElement('a'), { href: doc.body.dataset.login, target: '_blank', textContent: say.in }), ' ');
  }
  Object.assign(again, { type: 'button', className: 'btn btn--sm', textContent: say.again });
  again.onclick = () => { note.remove(); pressed ? pressed.click() : isForm ? elt.requestSubmit() : elt.click(); };
  note.append(again);
  isForm ? (elt.querySelector('.wg-foot') || elt).append(note) : elt.after(note);
  note.scrollIntoView({ block: 'nearest' });
  if (isAway) { keep(elt, pressed); wait(elt, again); }
};
['htmx:responseError', 'htmx:sendError', 'htmx:timeout'].forEach((name) => on(name, ({ detail: { elt, xhr, requestConfig: by } }) => elt.id === 'idle' && xhr.status === 401 && !unsaved(doc) ? location.reload() : failed(elt, xhr.status, by?.triggeringEvent?.submitter)));

// A form that the browser sends itself asks first whether the portal and the log-in are there.
on('submit', (e) => {
  const f = e.target, by = e.submitter;
  if (e.defaultPrevented || f.method !== 'post' || !f.closest('main') || f === sent) return;
  e.preventDefault();
  if (f === asking) return;
  asking = f;
  f.querySelector('[data-fail]')?.remove();
  fetch(f.action, { method: 'OPTIONS', headers: { 'HX-Request': 'true', 'X-Whose': f.elements.whose?.value || '' } }).then((r) => r.status, () => 0).then((status) => {
    asking = 0;
    if (!status || status === 401 || status > 499) return failed(f, status, by);
    if (token()) f.elements.csrfmiddlewaretoken.value = token();
    delete store.kept;
    sent = f;
    f.requestSubmit(by);
  });
});
// The page that says that it is away has the form; on any other it is offered, as somebody went there by hand.
{
  const away = doc.querySelector('[data-away]');
  if (away) { away.lastElementChild.remove(); failed(away, 503); }
  else if (location.pathname === doc.body.dataset.login) delete store.kept;
  else if (store.kept?.includes(`whose","${doc.querySelector('[name=whose]')?.value}"`)) {
    const [action, fields] = JSON.parse(store.kept), f = Object.assign(doc.createElement('form'), { action, method: 'post' });
    delete store.kept;
    f.dataset.kept = '';
    for (const [name, value] of fields) f.append(Object.assign(doc.createElement('input'), { type: 'hidden', name, value }));
    doc.querySelector('main').prepend(f);
    failed(f, 500);
  }
}

// A link that opens a form leads to it where it is open: no form stands on a page twice.
on('htmx:beforeRequest', (e) => {
  const { elt, requestConfig } = e.detail, open = elt.matches('a') && doc.querySelector(`form[method=post][action="${requestConfig.path}"]`);
  if (open) { e.preventDefault(); open.querySelector('[autofocus], select, .in')?.focus(); }
});
// The matrix: arrows go from pen to pen.
on('keydown', (e) => {
  const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[e.key];
  if (!way || !e.target.matches('.mx td > .pen')) return;
  const place = (pen) => /Left|Right/.test(e.key) ? pen.closest('tr') : pen.parentElement.id.replace(/^c-\d+-/, '');
  const line = [...doc.querySelectorAll('.mx td > .pen')].filter((pen) => place(pen) === place(e.target));
  const next = line[line.indexOf(e.target) + way];
  if (next) { e.preventDefault(); next.focus(); }
});
