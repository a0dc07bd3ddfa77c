import { Graph, layout } from '@dagrejs/dagre';
import type { EdgeFigures, VertexFigures } from '../../contract.ts';
import { lengthOf, pathOf, pointAt, smooth, zigzag, type Point } from './polyline.ts';

export interface GraphBox {
  /** A vertex id, or the id of a group of quiet vertices. */
  id: string;
  members: readonly string[];
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  shipStrategy: string;
  pressureRatio: number | undefined;
  path: string;
  /** The head of the arrow, pointing the way records go. */
  arrow: string;
  strokeWidth: number;
  label: Point;
}

export interface GraphPicture {
  width: number;
  height: number;
  isTopDown: boolean;
  boxes: GraphBox[];
  edges: GraphEdge[];
}

/** Below this nothing is held back that anyone would notice (Flink's own web UI calls it OK up to 10 %). */
export const PRESSURE_MIN_RATIO = 0.1;
const TOP_DOWN_BELOW_PX = 640;
const BOX_HEIGHT_PX = 112;
const BOX_WIDTHS_PX = [176, 224] as const;
const RANK_GAPS_PX = [72, 112] as const;

type Vertices = readonly Pick<VertexFigures, 'vertexId' | 'mark'>[];
type Edges = readonly EdgeFigures[];

/** Places every box and edge for a panel of the given width. Text never shrinks: a graph too wide scrolls. */
export function drawGraph(vertices: Vertices, edges: Edges, panelWidth: number, collapseAbove: number): GraphPicture {
  const groups = groupQuiet(vertices, edges, collapseAbove);
  const links = linkGroups(edges, groups);
  const isTopDown = panelWidth < TOP_DOWN_BELOW_PX;
  const size = boxSize(panelWidth, isTopDown, longestChain([...groups.keys()], links));
  const graph = new Graph();
  graph.setGraph({
    rankdir: isTopDown ? 'TB' : 'LR',
    nodesep: 24,
    ranksep: isTopDown ? 48 : size.gap,
    marginx: 8,
    marginy: 16,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of groups.keys()) graph.setNode(id, { width: size.width, height: BOX_HEIGHT_PX });
  for (const link of links) graph.setEdge(link.from, link.to, {});
  layout(graph);

  const boxes = [...groups].map(([id, members]): GraphBox => {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    return { id, members, x: x - size.width / 2, y: y - BOX_HEIGHT_PX / 2, width: size.width, height: BOX_HEIGHT_PX };
  });
  const whole = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(whole.width ?? 0),
    height: Math.ceil(whole.height ?? 0),
    isTopDown,
    boxes,
    edges: links.map((link) => {
      const found = graph.edge(link.from, link.to) as { points?: { x: number; y: number }[] } | undefined;
      return drawEdge(
        link,
        (found?.points ?? []).map(({ x, y }): Point => [x, y]),
      );
    }),
  };
}

function drawEdge(link: Link, points: Point[]): GraphEdge {
  const line = smooth(points);
  const ratio = link.pressureRatio;
  const isPressed = ratio !== undefined && ratio >= PRESSURE_MIN_RATIO;
  const total = lengthOf(line);
  const body = [...line.slice(0, -1), pointAt(line, Math.max(0, total - 6)).point];
  const { point, direction } = pointAt(line, total);
  return {
    ...link,
    id: `${link.from}>${link.to}`,
    path: isPressed ? zigzag(body, 2 + 4 * ratio, 12 - 4 * ratio) : pathOf(body),
    arrow: arrowHead(point, direction),
    strokeWidth: isPressed ? 1.25 + 1.5 * ratio : 1.25,
    label: pointAt(line, total / 2).point,
  };
}

function arrowHead([x, y]: Point, [dx, dy]: Point): string {
  const back: Point = [x - dx * 8, y - dy * 8];
  return `${pathOf([
    [x, y],
    [back[0] - dy * 4, back[1] + dx * 4],
    [back[0] + dy * 4, back[1] - dx * 4],
  ])}Z`;
}

interface Link {
  from: string;
  to: string;
  shipStrategy: string;
  pressureRatio: number | undefined;
}

/** In a big graph, connected stretches where nothing happens become one box each. */
export function groupQuiet(vertices: Vertices, edges: Edges, collapseAbove: number): Map<string, string[]> {
  if (vertices.length <= collapseAbove) return new Map(vertices.map(({ vertexId }) => [vertexId, [vertexId]]));
  const loud = new Set(
    vertices.filter(({ mark }) => mark === 'cause' || mark === 'limit' || mark === 'pressured').map((v) => v.vertexId),
  );
  const leader = new Map(vertices.map(({ vertexId }) => [vertexId, vertexId]));
  const find = (id: string): string => {
    const up = leader.get(id) ?? id;
    return up === id ? id : find(up);
  };
  for (const { fromVertexId, toVertexId } of edges) {
    if (!loud.has(fromVertexId) && !loud.has(toVertexId)) leader.set(find(toVertexId), find(fromVertexId));
  }
  const groups = new Map<string, string[]>();
  for (const { vertexId } of vertices) {
    const head = find(vertexId);
    groups.set(head, [...(groups.get(head) ?? []), vertexId]);
  }
  return groups;
}

function linkGroups(edges: Edges, groups: ReadonlyMap<string, readonly string[]>): Link[] {
  const home = new Map([...groups].flatMap(([id, members]) => members.map((member) => [member, id] as const)));
  const links = new Map<string, Link>();
  for (const { fromVertexId, toVertexId, shipStrategy, pressureRatio } of edges) {
    const [from, to] = [home.get(fromVertexId), home.get(toVertexId)];
    if (from === undefined || to === undefined || from === to) continue;
    const known = links.get(`${from}>${to}`);
    const worst = Math.max(known?.pressureRatio ?? -1, pressureRatio ?? -1);
    links.set(`${from}>${to}`, { from, to, shipStrategy, pressureRatio: worst < 0 ? undefined : worst });
  }
  return [...links.values()];
}

function longestChain(ids: readonly string[], links: readonly Link[]): number {
  const depth = new Map<string, number>();
  const walk = (id: string, path: ReadonlySet<string>): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    if (path.has(id)) return 0;
    const before = links.filter((link) => link.to === id).map((link) => walk(link.from, new Set([...path, id])));
    const found = 1 + Math.max(0, ...before);
    depth.set(id, found);
    return found;
  };
  return Math.max(1, ...ids.map((id) => walk(id, new Set())));
}

/** Boxes and gaps as wide as the panel allows, between their limits. */
function boxSize(panelWidth: number, isTopDown: boolean, ranks: number): { width: number; gap: number } {
  const [narrow, wide] = BOX_WIDTHS_PX;
  const [tight, airy] = RANK_GAPS_PX;
  if (isTopDown) return { width: Math.min(320, Math.max(narrow, panelWidth - 32)), gap: tight };
  const each = (panelWidth - 24) / ranks;
  const gap = Math.min(airy, Math.max(tight, each * 0.34));
  return { width: Math.floor(Math.min(wide, Math.max(narrow, each - gap))), gap };
}
