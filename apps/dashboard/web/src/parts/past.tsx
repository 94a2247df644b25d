import { formatAge } from '../format/time';
import { useServerTime } from '../live/use-live';

/** Age of figures that are no longer current (`at` in ms since 1970, this computer's clock). */
export function Past({ at }: { at: number }) {
  useServerTime();
  return <span className="past__age">{formatAge(Date.now() - at)} old</span>;
}
