// The kernel's limit on what a process may have in memory, as containers have it: a control group.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Where control groups of memory are made: version 1, or version 2 where it is handed on.
function hierarchy() {
  if (existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes')) return { folder: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' };
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return { folder: '/sys/fs/cgroup', file: 'memory.max' };
  return null;
}

// Holds the process to so many bytes: the kernel kills it above that. Answers a function that takes the
// group away once the process has ended, or null where we may make none.
export function limitMemory(pid, bytes) {
  const found = hierarchy();
  if (!found) return null;
  const group = join(found.folder, `traction-test-${pid}`);
  try {
    mkdirSync(group);
    writeFileSync(join(group, found.file), String(bytes));
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
  } catch {
    if (existsSync(group)) rmdirSync(group);
    return null;
  }
  return () => rmdirSync(group);
}
