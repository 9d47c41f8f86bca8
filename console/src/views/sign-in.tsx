// Signing in: by a pasted token, or at the organisation's own provider where one is configured.
import { useEffect, useState, type FormEvent } from 'react';
import { languages, usePreferences, type Language } from '../preferences.js';
import { hasEnded, readClaims, signIn } from '../session.js';
import { settings, type SignInSettings } from '../settings.js';
import { Button, Field, TextArea } from '../ui/parts.js';

export function SignIn() {
  const { strings, language, setLanguage } = usePreferences();
  const words = strings.signIn;
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const [provider, setProvider] = useState<SignInSettings>();

  useEffect(() => {
    void settings().then(async ({ signIn: found }) => {
      setProvider(found);
      if (!found || !/[?&]code=/.test(location.search)) return;
      try {
        const { arriveFromProvider } = await import('../provider.js');
        signIn(await arriveFromProvider(found));
      } catch {
        setProblem(words.failed);
      } finally {
        history.replaceState(null, '', `${location.pathname}#/`);
      }
    });
  }, [words]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const claims = readClaims(token.trim());
    if (!claims) setProblem(words.bad);
    else if (claims.expiresAt.getTime() < Date.now()) setProblem(words.expired);
    else signIn(token.trim());
  }

  return (
    <main className="sign-in">
      <div className="card">
        <p className="brand"><img src="./icon.svg" alt="" width="40" height="40" />{strings.product}</p>
        <h1>{words.title}</h1>
        <p>{hasEnded() ? words.ended : words.intro}</p>
        {provider && (
          <Button kind="primary" onClick={() => void import('../provider.js').then(({ leaveForProvider }) => leaveForProvider(provider)).catch(() => setProblem(words.failed))}>
            {words.provider}
          </Button>
        )}
        <form onSubmit={submit}>
          <TextArea label={words.token} hint={words.hint} error={problem} value={token} onChange={(event) => setToken(event.target.value)} required autoComplete="off" spellCheck={false} dir="ltr" />
          <Button type="submit" kind={provider ? 'plain' : 'primary'}>{words.submit}</Button>
        </form>
        <div className="sign-in-foot">
          <Field label={strings.settings.language}>
            {(id) => (
              <select {...id} value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
                {Object.entries(languages).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
              </select>
            )}
          </Field>
          <a href="../docs">{words.docs}</a>
        </div>
      </div>
    </main>
  );
}
