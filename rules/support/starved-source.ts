import type { LagSignal, SourceLag } from '../../analyzer/signals/lag.js';
import type { LoadSignal, VertexLoad } from '../../analyzer/signals/load.js';

/** L56: source idle .97, pressure 0 while the lag grows; a bottleneck (L54) has pressure .99 there. */
export const SOURCE_IDLE_MIN = 0.5;
const SOURCE_PRESSURE_MAX = 0.1;
/** A reader that hardly rests is too slow itself, however much the others do (L12 with all of it chained); L56: .03. */
const SOURCE_BUSY_MAX = 0.8;

/** Sources that fall behind although they rest and nothing downstream holds them back. */
export function starvedSources(
  lag: LagSignal,
  load: LoadSignal,
): readonly { readonly source: SourceLag; readonly vertex: VertexLoad; readonly idleRatio: number }[] {
  return lag.sources.flatMap((source) => {
    const vertex = load.get(source.vertexId);
    const idleRatio = vertex?.idleMean;
    if (source.trend !== 'growing' || vertex === undefined || idleRatio === undefined) return [];
    const isHeld = (vertex.backPressuredMax ?? 0) >= SOURCE_PRESSURE_MAX || (vertex.busyMax ?? 0) >= SOURCE_BUSY_MAX;
    return isHeld || idleRatio < SOURCE_IDLE_MIN ? [] : [{ source, vertex, idleRatio }];
  });
}
