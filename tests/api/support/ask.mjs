// One request to a stack, without the assertions of client.mjs: for tests that have a stack of their own,
// in which services are missing or die.

// Answers { status, headers, ms } and what the answer's JSON holds; status 0 when there was no answer.
export async function ask(url, method, path, { token, body, headers, timeoutMs = 30000 } = {}) {
  const began = performance.now();
  try {
    const answer = await fetch(url + path, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }), ...headers },
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, ms: performance.now() - began, ...(text && JSON.parse(text)) };
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    return { status: 0, ms: performance.now() - began };
  }
}
