// The one connection to the server. Everything that is asked goes through it.
import { connect } from '@traction/client';
import { currentToken, endSession, signIn } from './session.js';
import { settings } from './settings.js';

// A token that was refused is renewed once where a provider can do that; else the session is over.
async function refreshed(): Promise<string> {
  const { signIn: provider } = await settings();
  const fresh = provider ? await (await import('./provider.js')).renew(provider).catch(() => null) : null;
  if (fresh === null) {
    endSession();
    throw new Error('the session is over');
  }
  signIn(fresh);
  return fresh;
}

export const traction = connect({
  // The page lies at BASE/console/, the interface at BASE.
  baseUrl: new URL('..', location.href.split(/[?#]/)[0]).href,
  token: ({ refresh }) => (refresh ? refreshed() : (currentToken() ?? '')),
});
