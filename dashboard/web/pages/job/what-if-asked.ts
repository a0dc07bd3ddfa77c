import type { AskedChange, VertexFigures } from '../../../contract.ts';

/** What a reader has typed, as it stands in the address: `if=<what>:<value>` joined by `~`; a vertex is named by its id. */
export type Asked = Readonly<Record<string, string>>;

export const SLOTS = 'slots';
export const MEMORY = 'memory';
const KEYS = { [SLOTS]: 'taskmanager.numberOfTaskSlots', [MEMORY]: 'taskmanager.memory.process.size' } as const;
/** Flink's own limit. */
const PARALLELISM_MAX = 32_768;

export function parseAsked(text: string): Asked {
  return Object.fromEntries(
    text.split('~').flatMap((word) => {
      const colon = word.indexOf(':');
      return colon > 0 && colon < word.length - 1 ? [[word.slice(0, colon), word.slice(colon + 1)] as const] : [];
    }),
  );
}

/** `undefined` where nothing is asked, so that the address stays clean. */
export function formatAsked(asked: Asked): string | null {
  const words = Object.entries(asked).map(([what, value]) => `${what}:${value}`);
  return words.length === 0 ? null : words.join('~');
}

/** One thing more asked, or no longer. A colon or a `~` would end the word. */
export function withAsked(asked: Asked, what: string, value: string): Asked {
  const { [what]: _before, ...others } = asked;
  const plain = value.replace(/[~:\s]/g, '');
  return plain === '' ? others : { ...others, [what]: plain };
}

/** The changes that are meant: what cannot be (no number, as it is) is none. */
export function changesOf(
  asked: Asked,
  vertices: readonly Pick<VertexFigures, 'vertexId' | 'parallelism'>[],
): AskedChange[] {
  const ofVertices = vertices.flatMap(({ vertexId, parallelism }): AskedChange[] => {
    const to = wholeNumber(asked[vertexId]);
    return to === undefined || to === parallelism || to > PARALLELISM_MAX ? [] : [{ scope: 'vertex', vertexId, to }];
  });
  const slots = wholeNumber(asked[SLOTS]);
  const memory = asked[MEMORY];
  return [
    ...ofVertices,
    ...(slots === undefined ? [] : [{ scope: 'taskmanager' as const, key: KEYS[SLOTS], to: slots }]),
    ...(memory === undefined ? [] : [{ scope: 'taskmanager' as const, key: KEYS[MEMORY], to: memory }]),
  ];
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
