// Two sides of a scenario: that they do the same job, and how their figures stand side by side.

// Both sides must do the same job: the peer's answer is ours, but for what only we can write.
const ownKeys = ['nextCursor'];

export async function sameAnswer(ours, theirs, path, token) {
  const answers = await Promise.all([ours, theirs].map(async (url) =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).json()));
  const [one, other] = answers.map((answer) => JSON.stringify(answer, (_, part) => (
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).filter(([key]) => !ownKeys.includes(key)).sort(([a], [b]) => (a < b ? -1 : 1))) : part)));
  if (one !== other) throw new Error(`the peer answers differently:\n${one}\n${other}`);
}

export function row(scenario, connections, side, result, ours) {
  const app = (result.cpuMs.gateway ?? 0) + (result.cpuMs.services ?? 0);
  const ourApp = ours.cpuMs.gateway + ours.cpuMs.services;
  const peer = result !== ours;
  return {
    scenario, connections, side, 'requests/s': result.rate, least: result.least, most: result.most,
    'p50 ms': result.p50Ms, 'p99 ms': result.p99Ms, 'app CPU ms': result.cpuMs.services === undefined ? NaN : app,
    'PostgreSQL CPU ms': result.cpuMs.postgresql, failed: result.failed,
    'ours/its rate': peer ? ours.rate / result.rate : NaN, 'ours/its CPU': peer && app ? ourApp / app : NaN,
    'ours/its p50': peer ? ours.p50Ms / result.p50Ms : NaN, 'ours/its p99': peer ? ours.p99Ms / result.p99Ms : NaN,
  };
}
