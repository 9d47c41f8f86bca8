// Bodies that are no JSON, or not the JSON that we take: refused with the envelope, nothing written.
import { after, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { created, fails, newTenant, ok } from './support/client.mjs';

const client = newTenant();
const rest = '"horizon":"year","ownerId":"o"';
const nested = (levels) => '['.repeat(levels) + ']'.repeat(levels);
const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

const broken = {
  'an open brace': '{',
  'words': 'hello',
  'an unclosed text': `{"title":"x,${rest}}`,
  'a missing brace': `{"title":"x",${rest}`,
  'a closed list': `{"title":"x",${rest}]`,
  'a comma at the end': `{"title":"x",${rest},}`,
  'two commas': `{"title":"x",,${rest}}`,
  'no colon': `{"title" "x",${rest}}`,
  'single quotes': `{'title':'x',${rest}}`,
  'a bare key': `{title:"x",${rest}}`,
  'a comment': `{"title":"x",/* hi */${rest}}`,
  'more behind the end': `{"title":"x",${rest}} x`,
  'two documents': `{"title":"x",${rest}}{"title":"y",${rest}}`,
  'NaN': `{"title":"x","metadata":{"n":NaN},${rest}}`,
  'Infinity': `{"title":"x","metadata":{"n":Infinity},${rest}}`,
  'a leading zero': `{"title":"x","metadata":{"n":01},${rest}}`,
  'a leading plus': `{"title":"x","metadata":{"n":+1},${rest}}`,
  'a number that ends in a point': `{"title":"x","metadata":{"n":1.},${rest}}`,
  'a number that starts with one': `{"title":"x","metadata":{"n":.5},${rest}}`,
  'a hexadecimal number': `{"title":"x","metadata":{"n":0x10},${rest}}`,
  'an empty exponent': `{"title":"x","metadata":{"n":1e},${rest}}`,
  'True': `{"title":"x","metadata":{"n":True},${rest}}`,
  'a bad escape': `{"title":"\\x41",${rest}}`,
  'a short escape': `{"title":"\\u12",${rest}}`,
  'a raw line feed': `{"title":"a\nb",${rest}}`,
  'a raw control character': `{"title":"a\u0001b",${rest}}`,
  'a raw NUL': bytes('{"title":"a', 0, `b",${rest}}`),
  'an escaped NUL': `{"title":"a\\u0000b",${rest}}`,
  'an escaped NUL in a key': `{"title":"x","metadata":{"a\\u0000b":1},${rest}}`,
  'an escaped NUL in metadata': `{"title":"x","metadata":{"a":["\\u0000"]},${rest}}`,
  'half a surrogate': `{"title":"\\ud800",${rest}}`,
  'the other half': `{"title":"\\udc00x",${rest}}`,
  'surrogates the wrong way': `{"title":"\\udc00\\ud800",${rest}}`,
  'invalid UTF-8': bytes('{"title":"a', 0xff, `b",${rest}}`),
  'a lone continuation byte': bytes('{"title":"a', 0x80, `b",${rest}}`),
  'a cut sequence': bytes('{"title":"a', 0xe2, 0x82, `",${rest}}`),
  'an overlong slash': bytes('{"title":"', 0xc0, 0xaf, `",${rest}}`),
  'an overlong NUL': bytes('{"title":"', 0xc0, 0x80, `",${rest}}`),
  'an encoded surrogate': bytes('{"title":"', 0xed, 0xa0, 0x80, `",${rest}}`),
  'beyond Unicode': bytes('{"title":"', 0xf4, 0x90, 0x80, 0x80, `",${rest}}`),
  'five bytes': bytes('{"title":"', 0xf8, 0x88, 0x80, 0x80, 0x80, `",${rest}}`),
  'invalid UTF-8 in a key': bytes('{"title":"x","metadata":{"', 0xfe, `":1},${rest}}`),
  'UTF-16': Buffer.from(`{"title":"x",${rest}}`, 'utf16le'),
  'a key twice': `{"title":"x","title":"y",${rest}}`,
  'a key twice with one value': `{"title":"x","title":"x",${rest}}`,
  'a key twice, once escaped': `{"title":"x","\\u0074itle":"y",${rest}}`,
  'a key twice inside': `{"title":"x","metadata":{"a":{"b":1,"b":2}},${rest}}`,
  'a key twice in a list': `{"title":"x","metadata":{"a":[{"b":1,"b":1}]},${rest}}`,
  'a key twice in a field that nobody reads': `{"title":"x","junk":{"b":1,"b":1},${rest}}`,
  'nesting of 33': `{"title":"x","metadata":{"a":${nested(31)}},${rest}}`,
  'nesting of 100': `{"title":"x","junk":${nested(99)},${rest}}`,
  'nesting of 100,000': `${'['.repeat(100000)}`,
  'nesting of objects': `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
};

for (const [method, path] of [['POST', '/goals'], ['PUT', null]]) {
  describe(`${method} of broken JSON`, () => {
    for (const [name, body] of Object.entries(broken)) {
      test(name, async () => {
        const where = path ?? `/goals/${(await existing()).id}`;
        fails(await client.raw(method, where, body), 400, 'INVALID_JSON');
      });
    }
  });
}

let kept;
function existing() {
  kept ??= client.goal({ title: 'kept' });
  return kept;
}

describe('JSON that is not an object', () => {
  for (const body of ['[]', '"text"', '5', 'null', 'true', '[{"title":"x"}]']) {
    test(body, async () => {
      const answer = await client.raw('POST', '/goals', body);
      assert.ok(answer.status === 400 || answer.status === 422, answer.text);
    });
  }
  test('no bytes at all', async () => {
    const answer = await client.raw('POST', '/goals', '');
    assert.ok(answer.status === 400 || answer.status === 422, answer.text);
  });
});

describe('JSON that is fine', () => {
  const own = newTenant();
  const taken = {
    'space everywhere': ' \r\n\t{ "title" : "x" , "horizon":"year","ownerId":"o" } \n',
    'nesting of 32': `{"title":"x","metadata":{"a":${nested(30)}},${rest}}`,
    'escapes': `{"\\u0074itle":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00",${rest}}`,
    'a key in two objects': `{"title":"x","metadata":{"a":{"b":1},"c":{"b":1}},${rest}}`,
    'keys that differ in case': `{"title":"x","metadata":{"b":1,"B":2},${rest}}`,
  };
  for (const [name, body] of Object.entries(taken)) {
    test(name, async () => {
      created(await own.raw('POST', '/goals', body));
    });
  }

  test('escapes mean what they say', async () => {
    const goal = created(await own.raw('POST', '/goals', taken.escapes)).data;
    assert.equal(goal.title, '"\\/\b\f\n\r\tä😀');
  });

  test('numbers come back with the fewest digits that mean the same', async () => {
    for (const number of ['0.1', '0.30000000000000004', '33.333333333333336', '1e-310', '5e-324', '2.2250738585072014e-308', '1e-7', '0.000001', '1.5e+21',
      '1e+21', '123456789012345680000.5']) {
      const answer = created(await own.raw('POST', '/goals', `{"title":"x","metadata":{"n":${number}},${rest}}`));
      assert.equal(answer.text.match(/"metadata":\{"n":([^}]*)\}/)[1], String(Number(number)));
    }
  });

  test('numbers beyond a double are refused or kept, never changed', async () => {
    for (const number of ['1e400', '-1e400', '123456789012345678901234567890', '18446744073709551616']) {
      const answer = await own.raw('POST', '/goals', `{"title":"x","metadata":{"n":${number}},${rest}}`);
      if (answer.status === 201) assert.equal(answer.data.metadata.n, Number(number));
      else assert.ok([400, 422].includes(answer.status), answer.text);
    }
  });
});

after(async () => {
  const left = ok(await client.get('/goals'));
  assert.deepEqual(left.data.map((goal) => goal.title), ['kept'], 'a broken body left something behind');
});
