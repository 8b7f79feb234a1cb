// Small helpers for building the page. Text goes in as text nodes, never as markup: names come from strangers.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat(Infinity).filter(child => child !== undefined && child !== null));
  return node;
}

export const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
export const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);
export const byId = id => document.getElementById(id);

/** A table with a head; columns are [title, class]. Rows are lists of cells. */
export function table(caption, columns, rows) {
  return el('div', { class: 'scroll' }, el('table', {},
    caption ? el('caption', {}, caption) : null,
    el('thead', {}, el('tr', {}, columns.map(([title, style]) => el('th', { scope: 'col', class: style }, title)))),
    el('tbody', {}, rows.map(cells => el('tr', {}, cells.map((cell, i) => el('td', { class: columns[i][1] }, cell)))))));
}

/** Replaces the options after the first one, and keeps the choice. */
export function choose(select, values) {
  const chosen = select.value;
  const known = [...select.options].slice(1).map(option => option.value);
  if (known.join() === values.join()) {
    return;
  }
  select.replaceChildren(select.options[0], ...values.map(value => el('option', { value }, value)));
  select.value = values.includes(chosen) ? chosen : '';
}

export function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count, unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export const milliseconds = value => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;

/** A link that saves the file under the last part of its name. */
export const download = file =>
  el('a', { class: 'name', href: `/api/v1/files/${file.contentId}`, download: file.name.split('/').pop() }, file.name);
