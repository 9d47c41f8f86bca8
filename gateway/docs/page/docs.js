// Shows openapi.json with swagger-ui and lends it the token that was pasted. Asks nobody but the
// server that the page came from, and keeps nothing.
'use strict';

const address = new URL('../openapi.json', document.currentScript.src);
let ui;

// The page may have been reached under the base path only: requests go the way the page came.
function nearestFirst(servers) {
  const came = (server) => location.pathname.startsWith(server.url.replace(/\/$/, '') + '/');
  return servers.filter(came).sort((a, b) => b.url.length - a.url.length)
    .concat(servers.filter((server) => !came(server)));
}

// A stream does not end, so "Execute" would wait for ever: they have a page of their own.
const isStream = (operation) => 'text/event-stream' in (operation?.responses?.[200]?.content ?? {});
function pointToStreams(spec) {
  for (const operation of Object.values(spec.paths).flatMap(Object.values).filter(isStream)) {
    operation.description = `[Watch it live](${new URL('docs/streams', address)}). ${operation.description ?? ''}`;
  }
}
const withoutStreams = (spec) => ({
  statePlugins: { spec: { wrapSelectors: { allowTryItOutFor: () => (state, path, method) => !isStream(spec.paths[path]?.[method]) } } },
});

// What a part of the document says with all that it refers to; a schema inside itself stays a reference. Swagger-ui's
// own way reads the whole document for each operation that is opened, which takes seconds.
function resolve(spec, node, within = []) {
  if (Array.isArray(node)) return node.map((item) => resolve(spec, item, within));
  if (node === null || typeof node !== 'object') return node;
  const { $ref, ...rest } = node;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, resolve(spec, value, within)]));
  if (typeof $ref !== 'string') return own;
  if (!$ref.startsWith('#/') || within.includes($ref)) return node;
  const keys = $ref.slice(2).split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { ...resolve(spec, at(spec, keys), [...within, $ref]), ...own, $$ref: address + $ref };
}
const at = (node, keys) => keys.reduce((inner, key) => inner?.[key], node);
const quickly = {
  fn: { resolveSubtree: async (spec, keys) => ({ spec: resolve(spec, at(spec, keys)), errors: [] }) },
};

onToken((token) => {
  ui?.preauthorizeApiKey('bearer', token);
  ui?.preauthorizeApiKey('streamToken', token);
});

async function show() {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const spec = await answer.json();
  spec.servers = nearestFirst(spec.servers);
  pointToStreams(spec);
  ui = SwaggerUIBundle({
    spec,
    plugins: [() => withoutStreams(spec), () => quickly],
    dom_id: '#operations',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    validatorUrl: null,
  });
}

show().catch((error) => {
  document.getElementById('operations').textContent = `The document cannot be shown: ${error.message}`;
});
