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

// Who a token speaks for, to be shown; whether it is genuine is for the server to say.
function callerOf(token) {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    const tenant = claims.tenant_id ?? claims.tenantId;
    const until = new Date(claims.exp * 1000).toLocaleString();
    return `${claims.name ?? claims.user_id ?? claims.sub}, tenant ${tenant}, until ${until}`;
  } catch {
    return 'This does not look like a token';
  }
}

document.getElementById('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const token = document.getElementById('token').value.trim().replace(/^Bearer\s+/i, '');
  document.getElementById('caller').value = callerOf(token);
  ui?.preauthorizeApiKey('bearer', token);
  ui?.preauthorizeApiKey('streamToken', token);
});

async function show() {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const spec = await answer.json();
  spec.servers = nearestFirst(spec.servers);
  ui = SwaggerUIBundle({
    spec,
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
