// What a release since 1.0.0 was meant to change in what was stored or is answered, each with the
// reason. Everything else has to read as before. A change that the test no longer meets is a mistake in
// this list.
//
// `allows({path, at, said, says})`: path "GET /goals/...", at ".data[ID].progress", and the JSON of before
// and after; undefined where there is none.

const parsed = (json) => { try { return JSON.parse(json); } catch { return undefined; } };
const bothTexts = (said, says) => [parsed(said), parsed(says)].every((one) => typeof one === 'string');
const sameMembers = (some, others) => Array.isArray(some) && Array.isArray(others) && [...some].sort().join() === [...others].sort().join();
const clean = (text) => text.normalize('NFC').trim();

export const changes = [
  {
    why: 'texts that people see are kept in Unicode form C, without white space at their ends (0011_text_forms.sql)',
    allows: ({ said, says }) => bothTexts(said, says) && clean(parsed(said)) === parsed(says),
  },
  {
    why: 'names that have become equal so are numbered (0011_text_forms.sql)',
    allows: ({ at, said, says }) => /[nN]ame$/.test(at) && bothTexts(said, says) && parsed(says).replace(/ \(\d+\)$/, '') === clean(parsed(said)),
  },
  {
    why: 'what was cleaned so has a later version, and so has the goal that shows it',
    allows: ({ at, said, says }) => at === 'version' && Number(says) > Number(said) && Number(says) <= Number(said) + 2,
  },
  {
    why: 'texts inside the sentences of recent activity are clean, too',
    allows: ({ at, said, says }) => at.endsWith('.description') && bothTexts(said, says) && parsed(said).normalize('NFC').replace(/\s+”/g, '”').replace(/“\s+/g, '“') === parsed(says),
  },
  {
    why: 'sorting by a text follows the Unicode collation',
    allows: ({ path, at, said, says }) => /[?&]sort=-?(title|name|category)/.test(path) && at === '.data[order]' && sameMembers(parsed(said), parsed(says)),
  },
  {
    why: 'a search folds case and form: straße finds STRASSE',
    allows: ({ path }) => /[?&]search=stra%C3%9Fe/.test(path),
  },
  {
    why: 'actions without dates are in no range of dates',
    allows: ({ path, at, says }) => /\/actions\?.*startDate=.*endDate=/.test(path) && (says === undefined || at === '.data[order]' || at === '.pagination.total'),
  },
  {
    why: 'pages have 100 items unless asked for fewer',
    allows: ({ at, said, says }) => /^\.pagination\.(size|limit)$/.test(at) && said === '20' && says === '100',
  },
  {
    why: 'a 422 tells its first field, in the same words everywhere, and names missing fields as the specification spells them',
    allows: ({ path, at }) => path.startsWith('refused ') && /^\.errors?(\.|$)/.test(at),
  },
  {
    why: 'percentages are rounded to two decimals',
    allows: ({ said, says }) => typeof parsed(said) === 'number' && typeof parsed(says) === 'number' && Math.abs(parsed(said) - parsed(says)) <= 0.005000001 && Number(parsed(says).toFixed(2)) === parsed(says),
  },
  {
    why: 'a threshold is compared with the rounded progress: 57 % reaches 57',
    allows: ({ at, said, says }) => at.endsWith('.onTrack') && said === 'false' && says === 'true',
  },
  {
    why: 'the score counts such a link as on track, once its figures are computed again',
    allows: ({ path, at, said, says }) => path === 'GET /performance/score' && /\.(onTrackRate|kpis\.score|overallScore)$/.test(at) && parsed(says) > parsed(said),
  },
];

// Fields of events that are told in another way: {why, type, strip(data)}, which takes out what differs.
export const eventChanges = [];
