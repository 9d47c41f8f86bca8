// What is around every view: navigation, connection, and who is signed in.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useConnection } from '../data/live.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { signOut } from '../session.js';
import { Button } from './parts.js';
import { toast } from './toasts.js';

function Connection() {
  const { live } = useStrings();
  const state = useConnection();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === 'lost' && state === 'open') toast(live.back);
    before.current = state;
  }, [state, live]);
  return (
    <>
      <span className={`live ${state}`}><span className="dot" aria-hidden="true" /><span className="live-text">{live[state === 'lost' ? 'connecting' : state]}</span></span>
      {state === 'lost' && <div className="banner" role="alert">{live.lost}</div>}
    </>
  );
}

export function Frame({ children }: { children: ReactNode }) {
  const strings = useStrings();
  const claims = useClaims();
  const [location] = useLocation();
  const [shown, setShown] = useState(location);
  const content = useRef<HTMLElement>(null);
  const views = useRef<HTMLElement>(null);
  const items = [
    ['/', strings.nav.overview], ['/goals', strings.nav.goals], ['/kpis', strings.nav.kpis], ['/issues', strings.nav.issues],
    ['/actions', strings.nav.actions], ['/report', strings.nav.report], ['/settings', strings.nav.settings],
  ] as const;
  const current = items.findLast(([path]) => location === path || (path !== '/' && location.startsWith(`${path}/`)));
  useEffect(() => { document.title = `${current?.[1] ?? strings.product} · ${strings.product}`; }, [current, strings]);
  // On a phone not all views fit beside each other.
  useEffect(() => {
    views.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current?.[0]]);
  useEffect(() => {
    if (shown === location) return;
    setShown(location);
    content.current?.focus({ preventScroll: true }); // a screen reader begins with the new view
    window.scrollTo(0, 0);
  }, [location, shown]);
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => content.current?.focus()}>{strings.nav.skip}</button>
      <header className="top">
        <Link href="/" className="brand"><img src="./icon.svg" alt="" width="28" height="28" />{strings.product}</Link>
        <nav ref={views} aria-label={strings.nav.label}>
          {items.map(([path, text]) => <Link key={path} href={path} aria-current={current?.[0] === path ? 'page' : undefined}>{text}</Link>)}
        </nav>
        <div className="who">
          <Connection />
          <span className="name" dir="auto">{claims.name}</span>
          <Button onClick={signOut}>{strings.signIn.out}</Button>
        </div>
      </header>
      <main ref={content} tabIndex={-1}>
        {!claims.mayWrite && <p className="note">{strings.common.readOnly}</p>}
        {children}
      </main>
    </div>
  );
}
