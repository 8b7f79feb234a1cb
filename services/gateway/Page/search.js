// Lookups: one technique, or all four on the same question.

import { lookup } from '/api.js';
import { bytes, byId, download, el, milliseconds, table } from '/dom.js';

const NAMES = { napster: 'Napster', gnutella: 'Gnutella', kazaa: 'KaZaA', chord: 'Chord' };
const HOPS_SHOWN = 400;

const tag = technique => el('span', { class: `tag ${technique}` }, NAMES[technique]);

function bar(value, most, text, technique) {
  const mark = el('span', { class: `bar ${technique}`, 'aria-hidden': 'true' });
  mark.style.width = `${most > 0 ? 5 * value / most : 0}rem`;
  return [mark, text];
}

function comparison(answers) {
  const good = answers.filter(answer => answer.result);
  const most = key => Math.max(...good.map(answer => answer.result[key]), 0);
  return table('What it cost',
    [
      ['Technique'], ['Files', 'number'], ['Messages', 'measure'], ['Time', 'measure'], ['Hops (local)', 'number'],
      ['Entry peer'], ['Trace'],
    ],
    answers.map(({ technique, result, error }) => error
      ? [tag(technique), '', el('span', { class: 'error' }, error), '', '', '', '']
      : [
        tag(technique),
        `${result.matches.length}${result.complete ? '' : ' or more'}`,
        bar(result.messages, most('messages'), `${result.messages}`, technique),
        bar(result.elapsedMs, most('elapsedMs'), milliseconds(result.elapsedMs), technique),
        `${result.hops.length} (${result.hops.filter(hop => hop.local).length})`,
        result.from,
        el('code', {}, result.traceId),
      ]));
}

function matches(answers) {
  const found = new Map();
  for (const { technique, result } of answers) {
    for (const match of result?.matches ?? []) {
      const entry = found.get(match.contentId) ?? { ...match, peers: new Set(), techniques: [] };
      match.providers.forEach(provider => entry.peers.add(provider.peer));
      entry.techniques.push(technique);
      found.set(match.contentId, entry);
    }
  }
  if (found.size === 0) {
    return el('p', {}, answers.some(answer => answer.result) ? 'No shared file has all these words in its name.' : '');
  }
  return table(`${found.size} ${found.size === 1 ? 'file' : 'files'}`,
    [['Name'], ['Size', 'number'], ['Providers'], ['Found by']],
    [...found.values()].map(file => [download(file), bytes(file.size), [...file.peers].join(', '), file.techniques.map(tag)]));
}

function tree(result) {
  const children = new Map();
  for (const hop of result.hops.slice(0, HOPS_SHOWN)) {
    const parent = hop.parent ?? -1;
    children.set(parent, [...children.get(parent) ?? [], hop]);
  }
  const list = parent => children.has(parent)
    ? el('ul', {}, children.get(parent).map(hop => el('li', {},
      el('span', { class: hop.outcome ? 'error' : undefined }, `${hop.from} \u2192 ${hop.to}`),
      ' ', el('span', { class: 'time' }, milliseconds(hop.elapsedMs)),
      hop.local ? [' ', el('span', { class: 'local' }, 'local')] : null,
      hop.outcome ? [' ', el('span', { class: 'error' }, hop.outcome)] : null,
      list(hop.index))))
    : null;
  return [
    list(-1) ?? el('p', { class: 'quiet' }, 'No hop: the entry peer knew the answer.'),
    result.hops.length > HOPS_SHOWN ? el('p', { class: 'quiet' }, `and ${result.hops.length - HOPS_SHOWN} more hops`) : null,
  ];
}

function trees(answers) {
  const good = answers.filter(answer => answer.result);
  return good.length === 0 ? null : [
    el('h3', {}, 'The way of the question'),
    el('div', { class: 'trees' }, good.map(({ technique, result }) => el('div', { class: 'tree' },
      el('h4', { class: technique }, NAMES[technique]),
      el('div', { tabindex: '0', role: 'region', 'aria-label': `Hops of ${NAMES[technique]}` }, tree(result))))),
  ];
}

const MODES = { gnutella: ['flood', 'expanding-ring', 'random-walk'], chord: ['recursive', 'iterative'] };

async function ask(technique, fields) {
  const mode = MODES[technique]?.includes(fields.mode) ? fields.mode : '';
  try {
    return { technique, result: await lookup({ q: fields.q, technique, from: fields.from, mode }) };
  } catch (error) {
    return { technique, error: error.message };
  }
}

export function startSearch() {
  const form = byId('search-form');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    const techniques = fields.technique === 'all' ? Object.keys(NAMES) : [fields.technique];
    const button = form.querySelector('button');
    button.disabled = true;
    history.replaceState(null, '', `?${new URLSearchParams(Object.entries(fields).filter(([, value]) => value))}`);
    try {
      const answers = [];
      for (const technique of techniques) {
        // One after the other, so that they do not slow each other down.
        answers.push(await ask(technique, fields));
      }
      byId('results').replaceChildren(comparison(answers), matches(answers), ...trees(answers) ?? []);
    } finally {
      button.disabled = false;
    }
  });

  const given = new URLSearchParams(location.search);
  for (const name of ['q', 'technique', 'mode']) {
    if (given.get(name)) {
      form.elements[name].value = given.get(name);
    }
  }
  if (given.get('q')) {
    form.requestSubmit();
  }
}
