// The week grid by keyboard: arrows and Enter between cells. Without this file Tab does the same.
on('keydown', (e) => {
  const cell = e.target;
  if (!cell.matches?.('.wg__in') || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const all = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const atStart = all || cell.selectionEnd === 0, atEnd = all || cell.selectionStart === cell.value.length;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: atStart && [0, -1], ArrowRight: atEnd && [0, 1] }[e.key];
  if (!step) return;
  const td = cell.closest('td'), tr = td.parentElement;
  let [row, column] = [tr, td.cellIndex], next = null;
  while (!next) {
    column += step[1];
    row = step[0] > 0 ? row.nextElementSibling : step[0] < 0 ? row.previousElementSibling : row;
    if (!row?.cells[column] || !column) break;
    next = row.cells[column].querySelector('.wg__in');
  }
  e.preventDefault();
  if (!next && e.key === 'Enter') next = cell.form.querySelector('.wg-foot button');
  next?.focus();
  next?.select?.();
});

// A number and a reason cannot both be right: writing one takes the other away.
on('input', (e) => {
  const td = e.target.closest?.('.wg td');
  if (!td) return;
  const cell = td.querySelector('.wg__in'), why = td.querySelector('.wg__why');
  if (e.target === cell && (cell.value === '' || /^\d+$/.test(cell.value))) why.value = '';
  if (e.target !== why) return;
  cell.value = why.value ? 'A' : '';
  // "Other" needs words: 280 such fields would be a heavy page.
  if (why.value === 'other' && !td.querySelector('.wg__other')) why.insertAdjacentHTML('afterend', `<input class="wg__other" name="t${cell.name.slice(1)}" autocomplete="off" aria-labelledby="wg-other ${cell.getAttribute('aria-labelledby')}">`);
});
