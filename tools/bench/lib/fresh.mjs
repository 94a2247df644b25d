/**
 * A function compiled anew from its source, with feedback of its own.
 *
 * One measuring loop for all contestants would see all their functions and be compiled for none of them; the later a
 * contestant came, the slower it would look.
 *
 * @template T
 * @param {(...names: never[]) => T} make has to stand alone: it sees nothing of its surroundings
 * @param {string} name makes the source unique, for the engine keeps compiled sources
 * @returns {(...values: unknown[]) => T}
 */
export function fresh(make, name) {
  return new Function(`/* ${name} */ return (${make});`)();
}
