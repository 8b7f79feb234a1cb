// Starts the page: the topology and the choices of peers, the search, and sharing.

import { topology } from '/api.js';
import { byId, choose, el, table } from '/dom.js';
import { links, ring, ringDetail } from '/graphs.js';
import { startSearch } from '/search.js';
import { startFiles, startShare } from '/share.js';

let cloud = { peers: [], leaders: [], unreachable: [] };
let choice = '';

const peerOf = name => name.split('#')[0];
const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

function draw() {
  const focused = document.activeElement?.closest?.('g.node')?.dataset.name;
  byId('ring').replaceChildren(ring(cloud.peers, choice, pick));
  byId('ring-detail').replaceChildren(...ringDetail(cloud.peers, choice));
  byId('links').replaceChildren(links(cloud.peers, peerOf(choice), pick));
  byId('highlight').value = peerOf(choice);
  if (focused) {
    document.querySelector(`g.node[data-name="${CSS.escape(focused)}"]`)?.focus();
  }
}

function pick(name) {
  choice = choice === name ? '' : name;
  draw();
}

function showTables() {
  byId('leaders').replaceChildren(...cloud.leaders.map(leader => el('div', { class: 'card' },
    el('h4', { class: 'kazaa' }, leader.leader),
    el('p', {}, `${plural(leader.files, 'file')} in its index${leader.ready ? '' : ', not linked yet'}`),
    el('p', {}, `Children: ${leader.children.join(', ') || 'none'}`),
    el('p', {}, `Links: ${leader.links.join(', ') || 'none'}`))));
  byId('peers').replaceChildren(table(null,
    [['Peer', 'short'], ['State'], ['Files', 'number'], ['Virtual nodes', 'number'], ['Gnutella links'], ['Leader', 'short']],
    cloud.peers.map(peer => [
      peer.peer, peer.ready ? 'ready' : peer.pending.join('; '), `${peer.files}`, `${peer.virtualNodes.length}`,
      peer.gnutellaLinks.join(', '), peer.leader ?? 'none',
    ])));
}

async function refresh() {
  const button = byId('refresh');
  button.disabled = true;
  try {
    cloud = await topology();
    const names = cloud.peers.map(peer => peer.peer);
    document.querySelectorAll('select[name=from], select[name=peer], #highlight').forEach(select => choose(select, names));
    const ready = cloud.peers.filter(peer => peer.ready).length;
    const files = cloud.peers.reduce((sum, peer) => sum + peer.files, 0);
    byId('summary').textContent = `${plural(names.length, 'peer')}${ready < names.length ? ` (${ready} ready)` : ''}, `
      + `${plural(cloud.leaders.length, 'group leader')}, ${plural(files, 'shared file')}`;
    byId('unreachable').textContent = cloud.unreachable.length ? `Not reachable: ${cloud.unreachable.join(', ')}` : '';
    showTables();
    draw();
  } catch (error) {
    byId('summary').replaceChildren(el('span', { class: 'error' }, error.message));
  } finally {
    button.disabled = false;
  }
}

byId('refresh').addEventListener('click', refresh);
byId('highlight').addEventListener('change', event => {
  choice = event.target.value;
  draw();
});
startShare(refresh);
startFiles();
await refresh();
const from = new URLSearchParams(location.search).get('from');
if (from) {
  document.querySelector('select[name=from]').value = from;
}
startSearch();
