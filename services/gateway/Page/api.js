// The REST interface. Errors carry the detail of the problem document.

async function read(response) {
  if (response.ok) {
    return response.json();
  }
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? problem.title ?? `The gateway answered ${response.status}.`);
}

async function call(path, parameters, options) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  let response;
  try {
    response = await fetch(`/api/v1/${path}?${query}`, options);
  } catch {
    throw new Error('The gateway does not answer.');
  }
  return read(response);
}

export const lookup = parameters => call('lookups', parameters);
export const files = after => call('files', { limit: 50, after });
export const topology = () => call('topology', {});
export const share = (file, name, peer) => call('files', { name, peer }, { method: 'PUT', body: file });
