import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks per second of `/proc`; the same on every Linux. */
const TICKS = 100;

/**
 * A process with everything it started, as Linux counts it.
 *
 * @param {number} root its id
 * @returns {Promise<{ residentMb: number, cpuSeconds: number }>} memory in which shared pages count once, and processor
 * time since each of them began
 */
export async function usageOf(root) {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = new Map((await Promise.all(ids.map(readProcess))).map((each) => [each?.id, each]));
  const tree = [...all.values()].filter((each) => each && descends(each, root, all));
  const kilobytes = await Promise.all(tree.map(({ id }) => residentOf(id)));
  return {
    residentMb: kilobytes.reduce((sum, own) => sum + own, 0) / 1_024,
    cpuSeconds: tree.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS,
  };
}

function descends(process, root, all) {
  for (let each = process; each; each = all.get(each.parent)) if (each.id === root) return true;
  return false;
}

async function readProcess(id) {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined);
  // The name, in brackets, may hold anything.
  const fields = text
    ?.slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return fields && { id, parent: fields[1], ticks: fields[11] + fields[12] };
}

/** Kilobytes; a page that several processes share is divided among them. */
async function residentOf(id) {
  const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
}
