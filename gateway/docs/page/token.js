// The token that was pasted into a page: kept in the page alone, and shown as whom it speaks for. Whether it
// is genuine is for the server to say.
'use strict';

function claimsOf(token) {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

const tenantOf = (claims) => claims?.tenant_id ?? claims?.tenantId;

function callerOf(claims) {
  if (!claims) return 'This does not look like a token';
  const until = new Date(claims.exp * 1000).toLocaleString();
  return `${claims.name ?? claims.user_id ?? claims.sub}, tenant ${tenantOf(claims)}, until ${until}`;
}

// Calls `use(token, claims)` for each token that is pasted; claims are null when it is none.
function onToken(use) {
  document.getElementById('sign-in').addEventListener('submit', (event) => {
    event.preventDefault();
    const token = document.getElementById('token').value.trim().replace(/^Bearer\s+/i, '');
    const claims = claimsOf(token);
    document.getElementById('caller').value = callerOf(claims);
    use(token, claims);
  });
}
