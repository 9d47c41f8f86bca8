// Where a C file can be changed, one token or statement at a time, and into what. It reads lines, not
// C: strings, comments, preprocessor lines and tables of messages are left alone, and what it changes
// into something that does not compile is found out by the compiler.
const TOKENS = [
  ['comparison', /(?<= )(==|!=|<=|>=|<|>)(?= )/g, { '==': '!=', '!=': '==', '<': '<=', '<=': '<', '>': '>=', '>=': '>' }],
  ['logic', /&&|\|\|/g, { '&&': '||', '||': '&&' }],
  ['arithmetic', /(?<=[\w)\]] )[-+](?= [\w(*&])/g, { '+': '-', '-': '+' }],
  ['negation', /(?<=[( ])!(?=[\w(])/g, { '!': '' }],
  ['boolean', /\b(true|false)\b/g, { true: 'false', false: 'true' }],
];
const NUMBER = /(?<![\w.[])(\d+)(?![\w.])/g;
const CONDITION = /^(\s*(?:\} else )?(?:if|while) \()(.*)(\)(?: \{| continue;| break;)?)$/;
const STATEMENT = /^\s+[a-z_]\w*(?:(?:->|\.)\w+|\[[^\]]*\])*(?:\(.*\)|(?: [-+|&]?= .*|\+\+|--));$/;

// The text with everything replaced by blanks that is no code; of the same length.
export function codeOf(text) {
  const blank = (part) => part.replace(/[^\n]/g, ' ');
  return text
    .replace(/\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'/g, blank)
    .replace(/^#.*(?:\\\n.*)*/gm, blank);
}

// All sites of a file: { line, kind, was, becomes, changed } with `changed` the whole line.
export function sitesOf(text) {
  const lines = text.split('\n');
  const sites = [];
  const add = (i, kind, changed) => sites.push({ line: i + 1, kind, was: lines[i].trim(), becomes: changed.trim(), changed });
  codeOf(text).split('\n').forEach((code, i) => {
    const line = lines[i];
    if (/\bassert\(|static_assert|^\s*(enum|typedef|extern|struct \w+;)/.test(code)) return;
    const put = (at, length, word) => line.slice(0, at) + word + line.slice(at + length);
    for (const [kind, pattern, swap] of TOKENS)
      for (const { 0: token, index } of code.matchAll(pattern)) add(i, kind, put(index, token.length, swap[token]));
    for (const { 0: token, index } of code.matchAll(NUMBER)) add(i, 'constant', put(index, token.length, String(Number(token) + 1)));
    const condition = CONDITION.exec(code);
    if (condition) add(i, 'condition', put(condition[1].length, condition[2].length, `!(${line.slice(condition[1].length, condition[1].length + condition[2].length)})`));
    if (STATEMENT.test(code) && !/^\s*(return|goto|else|case)\b/.test(code)) add(i, 'statement', `${/^\s*/.exec(line)[0]};`);
  });
  return sites;
}

export function mutantOf(text, { line, changed }) {
  const lines = text.split('\n');
  lines[line - 1] = changed;
  return lines.join('\n');
}
