// Drawings of the overlays.

import { el, svg } from '/dom.js';

const SIZE = 420, CENTRE = SIZE / 2, RADIUS = 160, LABELS_MAX = 80;

const at = (turn, radius = RADIUS) => ({
  x: CENTRE + radius * Math.sin(2 * Math.PI * turn),
  y: CENTRE - radius * Math.cos(2 * Math.PI * turn),
});

/** Where an id is on the circle, from 0 to 1. Ids are hexadecimal of the ring's width; twelve digits are exact in a number. */
const turnOf = id => parseInt(id.slice(0, 12), 16) / 16 ** Math.min(id.length, 12);

function node(name, title, point, radius, style, chosen) {
  return svg('g', {
    class: 'node', tabindex: '0', role: 'button', 'aria-label': title, 'data-name': name,
    onclick: chosen,
    onkeydown: event => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        chosen();
      }
    },
  }, svg('title', {}, title), svg('circle', { cx: point.x, cy: point.y, r: radius, class: style }));
}

const picture = (label, ...children) =>
  svg('svg', { viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'group', 'aria-label': label }, ...children);

function chord(from, to, style) {
  const [a, b] = [at(from), at(to)];
  return svg('path', { class: style, d: `M${a.x} ${a.y}Q${CENTRE} ${CENTRE} ${b.x} ${b.y}` });
}

/** Moves turns apart along the circle until labels there do not touch, as little as that takes. */
function spread(turns) {
  const order = turns.map((_, i) => i).sort((a, b) => turns[a] - turns[b]);
  const gap = Math.min(0.011, 0.95 / turns.length);
  const places = [...turns];
  for (let round = 0; round < 200; round++) {
    order.forEach((here, i) => {
      const next = order[(i + 1) % order.length];
      const missing = gap - (places[next] - places[here] + (i + 1 === order.length ? 1 : 0));
      if (order.length > 1 && missing > 0) {
        places[here] -= missing / 2;
        places[next] += missing / 2;
      }
    });
  }
  return places;
}

function label(virtual, turn) {
  const [dot, bend, place] = [at(virtual.turn, RADIUS + 6), at(turn, RADIUS + 16), at(turn, RADIUS + 32)];
  const around = ((turn % 1) + 1) % 1;
  const turned = around * 360 - (around > 0.5 ? 270 : 90);
  return [
    svg('line', { x1: dot.x, y1: dot.y, x2: bend.x, y2: bend.y, class: 'link' }),
    svg('text', { x: place.x, y: place.y, transform: `rotate(${turned} ${place.x} ${place.y})`, 'aria-hidden': 'true' },
      virtual.name.replace('peer-', '')),
  ];
}

/** The ring: every virtual node at its id. `choice` is the name of a virtual node or of a peer. */
export function ring(peers, choice, choose) {
  const all = peers.flatMap(peer => peer.virtualNodes.map(virtual => ({ ...virtual, peer: peer.peer, turn: turnOf(virtual.id) })));
  const chosen = all.find(virtual => virtual.name === choice);
  const near = new Set(all.filter(virtual => virtual.name === choice || virtual.peer === choice).map(virtual => virtual.name));
  const pointers = chosen
    ? [...chosen.fingers, ...chosen.successors].map(target => chord(chosen.turn, turnOf(target.id), 'link on'))
    : [];
  const dots = all.map(virtual => {
    const style = near.has(virtual.name) ? 'chosen' : `${virtual.joined ? 'dot' : 'out'}${choice && !chosen ? ' faded' : ''}`;
    const radius = near.has(virtual.name) ? 8 : 6;
    return node(virtual.name, `${virtual.name}, id ${virtual.id}`, at(virtual.turn), radius, style, () => choose(virtual.name));
  });
  const labels = all.length > LABELS_MAX ? [] : spread(all.map(virtual => virtual.turn)).map((turn, i) => label(all[i], turn));
  return picture(`Chord ring with ${all.length} virtual nodes`,
    svg('circle', { cx: CENTRE, cy: CENTRE, r: RADIUS, class: 'circle' }),
    svg('text', { x: CENTRE, y: CENTRE - RADIUS + 18, class: 'zero' }, '0'),
    pointers, labels.flat(), dots);
}

/** What the page says of a chosen virtual node. */
export function ringDetail(peers, choice) {
  const virtual = peers.flatMap(peer => peer.virtualNodes).find(candidate => candidate.name === choice);
  if (!virtual) {
    return [];
  }
  const names = list => list.length ? list.map(target => target.name).join(', ') : 'none';
  return [
    el('strong', {}, virtual.name), ' has the id ', el('code', {}, virtual.id), virtual.joined ? '' : ' (not in the ring yet)',
    el('br', {}),
    `Predecessor: ${virtual.predecessor?.name ?? 'unknown'}`, el('br', {}),
    `Successors: ${names(virtual.successors)}`, el('br', {}),
    `Fingers: ${names(virtual.fingers)}`, el('br', {}),
    `Keys: ${virtual.keys} of its own, ${virtual.replicas} for others`,
  ];
}

/** The flooding graph: peers on a circle, a line for each link. */
export function links(peers, choice, choose) {
  const turn = new Map(peers.map((peer, i) => [peer.peer, i / peers.length]));
  const pairs = new Map();
  for (const peer of peers) {
    for (const other of peer.gnutellaLinks.filter(name => turn.has(name))) {
      const pair = [peer.peer, other].sort();
      pairs.set(pair.join(), pair);
    }
  }
  const lines = [...pairs.values()].map(([a, b]) => {
    const [from, to] = [at(turn.get(a)), at(turn.get(b))];
    return svg('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: a === choice || b === choice ? 'link on' : 'link' });
  });
  const dots = peers.map(peer => node(
    peer.peer, `${peer.peer}, linked with ${peer.gnutellaLinks.join(', ') || 'nobody'}`, at(turn.get(peer.peer)),
    peer.peer === choice ? 10 : 8, peer.peer === choice ? 'chosen' : 'peer', () => choose(peer.peer)));
  const labels = peers.length > LABELS_MAX ? [] : peers.map(peer => {
    const place = at(turn.get(peer.peer), RADIUS + 24);
    return svg('text', { x: place.x, y: place.y, 'aria-hidden': 'true' }, peer.peer.replace('peer-', ''));
  });
  return picture(`Gnutella graph with ${peers.length} peers and ${pairs.size} links`, lines, dots, labels);
}
