// The one connection to the server. Everything that is asked goes through it.
import { connect } from '@traction/client';
import { currentToken, endSession, signIn } from './session.js';
import { settings } from './settings.js';

async function fromProvider(): Promise<string | null> {
  const { signIn: provider } = await settings();
  return provider ? (await import('./provider.js')).renew(provider) : null;
}

/** A token that is over is renewed where a provider can do that; else the session is over as well. */
export async function renewSession(): Promise<string> {
  const fresh = await fromProvider().catch(() => null);
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
  token: ({ refresh }) => (refresh ? renewSession() : (currentToken() ?? '')),
});
