// Signing in at an OpenID Connect provider, by the code flow with PKCE. Loaded only where one is configured.
import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { SignInSettings } from './settings.js';

const managers = new Map<string, UserManager>();

function manager(settings: SignInSettings): UserManager {
  const known = managers.get(settings.authority);
  if (known) return known;
  const made = new UserManager({
    authority: settings.authority,
    client_id: settings.clientId,
    scope: settings.scope,
    redirect_uri: location.origin + location.pathname,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
  });
  managers.set(settings.authority, made);
  return made;
}

export const leaveForProvider = (settings: SignInSettings) => manager(settings).signinRedirect();

/** Back from the provider: the token, after the code was exchanged for it. */
export async function arriveFromProvider(settings: SignInSettings): Promise<string> {
  const user = await manager(settings).signinRedirectCallback();
  return user.access_token;
}

/** A fresh token by the refresh token, or null when people have to sign in again. */
export async function renew(settings: SignInSettings): Promise<string | null> {
  const user = await manager(settings).getUser();
  if (!user?.refresh_token) return null;
  return (await manager(settings).signinSilent())?.access_token ?? null;
}
