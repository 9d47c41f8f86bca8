// The frame: language and colours, who is signed in, and which view is shown.
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { queryClient } from './data/client.js';
import { useLive } from './data/live.js';
import { firstLanguage, firstTheme, loadStrings, PreferencesContext, type Language, type Theme } from './preferences.js';
import { SessionContext } from './session-context.js';
import { currentToken, onSession, readClaims, type Claims } from './session.js';
import { en } from './strings/en.js';
import { renewSession } from './traction.js';
import { Frame } from './ui/frame.js';
import { Toasts } from './ui/toasts.js';
import { Overview } from './views/overview.js';
import { SignIn } from './views/sign-in.js';

const Goals = lazy(() => import('./views/goals.js'));
const Goal = lazy(() => import('./views/goal.js'));
const Kpis = lazy(() => import('./views/kpis.js'));
const Kpi = lazy(() => import('./views/kpi.js'));
const Issues = lazy(() => import('./views/issues.js'));
const Actions = lazy(() => import('./views/actions.js'));
const Report = lazy(() => import('./views/report.js'));
const Settings = lazy(() => import('./views/settings.js'));

function Views({ claims }: { claims: Claims }) {
  useLive(claims.tenantId);
  // What one person saw is not the next one's.
  useEffect(() => () => queryClient.clear(), [claims.userId, claims.tenantId]);
  useEffect(() => {
    const timer = setTimeout(() => void renewSession().catch(() => undefined), Math.min(claims.expiresAt.getTime() - Date.now(), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }, [claims]);
  return (
    <SessionContext value={claims}>
      <Router hook={useHashLocation}>
        <Frame>
          <Suspense fallback={<div className="skeleton"><div className="bone" /></div>}>
            <Switch>
              <Route path="/goals" component={Goals} />
              <Route path="/goals/:id">{({ id }) => <Goal key={id} id={id} />}</Route>
              <Route path="/kpis" component={Kpis} />
              <Route path="/kpis/:id">{({ id }) => <Kpi key={id} id={id} />}</Route>
              <Route path="/issues/:id?">{({ id }) => <Issues {...(id ? { id } : {})} />}</Route>
              <Route path="/actions/:id?">{({ id }) => <Actions {...(id ? { id } : {})} />}</Route>
              <Route path="/report" component={Report} />
              <Route path="/settings" component={Settings} />
              <Route component={Overview} />
            </Switch>
          </Suspense>
        </Frame>
      </Router>
    </SessionContext>
  );
}

export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [strings, setStrings] = useState(language === 'en' ? en : null);
  const [theme, setTheme] = useState<Theme>(firstTheme);
  const token = useSyncExternalStore(onSession, currentToken);
  const claims = useMemo(() => (token ? readClaims(token) : null), [token]);

  useEffect(() => {
    let wanted = true;
    void loadStrings(language).then((loaded) => {
      if (!wanted) return;
      setStrings(loaded);
      document.documentElement.lang = language;
      document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
    });
    return () => { wanted = false; };
  }, [language]);
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  const preferences = useMemo(() => strings && {
    language, theme, strings,
    setLanguage: (to: Language) => { localStorage.setItem('traction.language', to); setLanguage(to); },
    setTheme: (to: Theme) => { localStorage.setItem('traction.theme', to); setTheme(to); },
  }, [language, theme, strings]);

  if (!preferences) return null;
  return (
    <PreferencesContext value={preferences}>
      {claims ? <Views claims={claims} /> : <SignIn />}
      <Toasts />
    </PreferencesContext>
  );
}
