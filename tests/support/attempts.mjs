// For suites of a few long runs: does them one after the other, says how each went, and counts.
const wanted = [];
let passed = 0;
let failed = 0;

// Only those whose name contains one of `parts`; all without any.
export function select(parts) {
  wanted.push(...parts);
}

// `work` answers undefined, or what was wrong.
export async function attempt(name, work) {
  if (wanted.length && !wanted.some((part) => name.includes(part))) return;
  const began = Date.now();
  let problem;
  try {
    problem = await work();
  } catch (error) {
    problem = `${error.stack}\n${error.stdout ?? ''}${error.stderr ?? ''}`;
  }
  if (problem) failed += 1; else passed += 1;
  console.log(`${problem ? 'not ok' : 'ok'}: ${name} (${Math.round((Date.now() - began) / 1000)} s)${problem ? `\n${problem}` : ''}`);
}

// Prints "N passed, N failed" and ends the process.
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed || !passed ? 1 : 0);
}
