// Uploads, and the list of all shared files.

import { files, share } from '/api.js';
import { bytes, byId, download, el, table } from '/dom.js';

export function startShare(shared) {
  const form = byId('share-form');
  const result = byId('share-result');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    const button = form.querySelector('button');
    button.disabled = true;
    result.replaceChildren(`Sending ${bytes(file.size)}\u2026`);
    try {
      const posting = await share(file, form.elements.name.value || file.name, form.elements.peer.value);
      result.replaceChildren(
        `${posting.peer} shares `, download(posting), ` (${bytes(posting.size)}), content id `, el('code', {}, posting.contentId));
      form.reset();
      shared();
    } catch (error) {
      result.replaceChildren(el('span', { class: 'error' }, error.message));
    } finally {
      button.disabled = false;
    }
  });
}

export function startFiles() {
  const button = byId('more-files');
  const rows = [];
  let after;
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const page = await files(after);
      rows.push(...page.items.map(file => [
        download(file), bytes(file.size), file.providers.map(provider => provider.peer).join(', '), el('code', {}, file.contentId)]));
      byId('file-list').replaceChildren(table(null, [['Name'], ['Size', 'number'], ['Providers'], ['Content id']], rows));
      after = page.next;
      button.textContent = after ? 'Show more' : 'Show again';
      if (!after) {
        rows.length = 0;
      }
    } catch (error) {
      byId('file-list').replaceChildren(el('p', { class: 'error' }, error.message));
    } finally {
      button.disabled = false;
    }
  });
}
