// Makes the tokens of hostile-tokens/bad.json, and the keys that a stack needs to have reason to refuse
// them: the format is described there.
import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { base64url, claimsOf, seconds } from './token.mjs';

const rsaPair = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });
const ecPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export class HostileTokens {
  constructor(secret, previous) {
    this.secrets = { secret, previous };
    this.pairs = { rsa: rsaPair(), ec: ecPair(), 'rsa-other': rsaPair(), 'ec-other': ecPair(), 'rsa-weak': rsaPair(1024) };
    const jwk = (name, kid) => ({ ...this.pairs[name].publicKey.export({ format: 'jwk' }), kid, use: 'sig' });
    this.jwks = JSON.stringify({ keys: [jwk('rsa', 'rsa-1'), jwk('rsa-weak', 'rsa-weak'), jwk('ec', 'ec-1')] });
    const spki = (name, format) => this.pairs[name].publicKey.export({ type: 'spki', format });
    const rsa = jwk('rsa');
    this.known = { // what everybody may know, as keys of an HMAC
      'rsa.pem': spki('rsa', 'pem'), 'rsa.pem.trimmed': spki('rsa', 'pem').trimEnd(), 'rsa.der': spki('rsa', 'der'), 'rsa.n': Buffer.from(rsa.n, 'base64url'),
      'rsa.n.text': rsa.n, 'rsa.jwk': JSON.stringify(rsa), 'ec.pem': spki('ec', 'pem'), 'ec.x': Buffer.from(jwk('ec').x, 'base64url'), jwks: this.jwks,
    };
  }

  // An ordinary caller's token by one of the four keys that count.
  good(key, claims = {}) {
    return this.make({ sign: key, claims });
  }

  make({ sign, header, headerText, claims, claimsText, edit = [] }) {
    const kind = sign.split('-')[0];
    const usual = { rsa: { alg: 'RS256', kid: sign === 'rsa-weak' ? 'rsa-weak' : 'rsa-1' }, ec: { alg: 'ES256', kid: 'ec-1' } }[kind] ?? { alg: 'HS256' };
    const head = base64url(headerText ?? this.changed({ ...usual, typ: 'JWT' }, header));
    const body = claimsText === '@good' ? base64url(this.good('secret'))
      : base64url(claimsText ?? this.changed(claimsOf({ tenant: 'hostile', user: 'u' }), claims));
    const text = `${head}.${body}`;
    return edit.reduce(edited, `${text}.${this.signature(sign, text).toString('base64url')}`);
  }

  changed(object, changes = {}) {
    const value = (one) => {
      const time = /^now([+-]\d+)$/.exec(one);
      if (time) return seconds() + Number(time[1]);
      if (one === '@rsa-other') return this.pairs['rsa-other'].publicKey.export({ format: 'jwk' });
      return one === 'absent' ? undefined : one;
    };
    return { ...object, ...Object.fromEntries(Object.entries(changes).map(([name, one]) => [name, value(one)])) };
  }

  signature(how, text) {
    const [word, rest = ''] = how.split(/ (.*)/s);
    switch (word) {
      case 'secret':
      case 'previous': return createHmac('sha256', this.secrets[word]).update(text).digest();
      case 'sha512': return createHmac('sha512', this.secrets.secret).update(text).digest();
      case 'hmac': return createHmac('sha256', this.known[rest] ?? rest).update(text).digest();
      case 'zeros': return Buffer.alloc(Number(rest));
      case 'none': return Buffer.alloc(0);
      default: {
        const key = this.pairs[word === 'ec-der' ? 'ec' : word].privateKey;
        return signWith('sha256', Buffer.from(text), { key, dsaEncoding: word === 'ec-der' ? 'der' : 'ieee-p1363' });
      }
    }
  }
}

function edited(token, [part, what, argument]) {
  const change = (text) => {
    switch (what) {
      case 'append': return text + argument;
      case 'prepend': return argument + text;
      case 'cut': return text.slice(0, -argument);
      case 'replace': return argument;
      case 'dots': return text.replaceAll('.', argument);
      case 'twin': return text.slice(0, -1) + String.fromCharCode(text.at(-1).charCodeAt(0) + 1); // the last bits are not used
      default: throw new Error(`what is "${what}"?`);
    }
  };
  return part === 'all' ? change(token) : token.split('.').map((text, i) => (i === part ? change(text) : text)).join('.');
}

export function badTokens() {
  return JSON.parse(readFileSync(new URL('../hostile-tokens/bad.json', import.meta.url), 'utf8'));
}
