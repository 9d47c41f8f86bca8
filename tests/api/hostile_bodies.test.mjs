// Bodies that must be refused, from hostile-bodies/*.txt: the first line of a case is method and path,
// the second the body; "= 422 title url" names exactly the bad fields, "= 400 CODE" the code.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fails, invalid, newTenant, ok } from './support/client.mjs';
import { expand, readCorpus } from './support/corpus.mjs';

const folder = fileURLToPath(new URL('hostile-bodies', import.meta.url));
const expectation = (text) => {
  const [status, ...words] = text.split(' ');
  return { status: Number(status), words };
};

for (const file of readdirSync(folder).sort()) {
  describe(`bad bodies: ${file.slice(0, -4)}`, { concurrency: 4 }, () => {
    const client = newTenant();
    let made;
    const place = () => (made ??= (async () => {
      const goal = await client.goal();
      return { id: goal.id, strategy: (await client.strategy(goal)).id };
    })());

    for (const { name, lines, status, words } of readCorpus(join(folder, file), expectation)) {
      test(name, async () => {
        const macros = await place();
        const [[method, path], body] = [lines[0].split(' '), lines[1]];
        const before = ok(await client.get(`/goals/${macros.id}`)).data;
        const answer = await client.raw(method, path.replace('{id}', macros.id).replace('{strategy}', macros.strategy), Buffer.concat(expand(body, macros)), { 'X-Request-Id': 'bad' });
        if (status === 422) invalid(answer, ...words);
        else fails(answer, status, words[0]);
        assert.deepEqual(ok(await client.get(`/goals/${macros.id}`)).data, before, 'nothing changed');
      });
    }

    test('nothing was made of them', async () => {
      await place();
      assert.equal(ok(await client.get('/goals')).pagination.total, 1);
      assert.equal((await client.activity(await place())).length, 0);
    });
  });
}
