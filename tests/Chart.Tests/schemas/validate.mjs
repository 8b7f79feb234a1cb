// Checks rendered documents against the schemas of the Kubernetes and Gateway APIs: required fields, types and enums.
// node validate.mjs <folder with node_modules> <file>... prints { file: [what is wrong] } as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const yaml = require('js-yaml');

// Their definitions are not part of these packages: the tests have types of their own for them.
const others = ['dapr.io/', 'keda.sh/'];

const models = new Map();

async function modelOf({ apiVersion, kind }) {
  const key = `${apiVersion}/${kind}`;
  if (!models.has(key)) {
    const library = apiVersion.startsWith('gateway.') ? '@kubernetes-models/gateway-api' : 'kubernetes-models';
    const path = join(folder, 'node_modules', library, apiVersion, `${kind}.js`);
    models.set(key, await import(pathToFileURL(path).href).then((module) => module[kind], () => undefined));
  }
  return models.get(key);
}

async function faultsOf(document) {
  const name = `${document.kind}/${document.metadata?.name}`;
  if (others.some((group) => document.apiVersion?.startsWith(group))) {
    return [];
  }
  const Model = await modelOf(document);
  if (!Model) {
    return [`${name}: ${document.apiVersion} has no such kind`];
  }
  try {
    new Model(document).validate();
    return [];
  } catch (fault) {
    return [`${name}: ${fault.message}`];
  }
}

const answer = {};
for (const file of files) {
  const documents = yaml.loadAll(readFileSync(file, 'utf8')).filter(Boolean);
  answer[file] = (await Promise.all(documents.map(faultsOf))).flat();
}
console.log(JSON.stringify(answer));
