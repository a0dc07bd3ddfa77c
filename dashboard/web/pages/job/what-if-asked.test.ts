import { describe, expect, it } from 'vitest';
import { changesOf, formatAsked, MEMORY, parseAsked, SLOTS, withAsked } from './what-if-asked.ts';

const VERTICES = [
  { vertexId: 'a1', parallelism: 2 },
  { vertexId: 'b2', parallelism: 4 },
];

describe('what a reader asks of the prediction', () => {
  it.each([
    ['', {}],
    ['a1:8', { a1: '8' }],
    ['a1:8~slots:4~memory:4g', { a1: '8', slots: '4', memory: '4g' }],
    ['a1~:8~b2:', {}],
  ])('%s is read from the address', (text, asked) => {
    expect(parseAsked(text)).toEqual(asked);
  });

  it('stands in the address as it was read, and leaves none behind where nothing is asked', () => {
    expect(formatAsked(parseAsked('a1:8~slots:4'))).toBe('a1:8~slots:4');
    expect(formatAsked({})).toBeNull();
  });

  it('is one thing more, or one less when the field is emptied', () => {
    expect(withAsked({ a1: '8' }, SLOTS, '4')).toEqual({ a1: '8', slots: '4' });
    expect(withAsked({ a1: '8' }, 'a1', ' ')).toEqual({});
    expect(withAsked({}, MEMORY, '4~g:')).toEqual({ memory: '4g' });
  });

  it.each([
    [{ a1: '8' }, [{ scope: 'vertex', vertexId: 'a1', to: 8 }]],
    [{ a1: '2' }, []],
    [{ a1: '0' }, []],
    [{ a1: 'many' }, []],
    [{ a1: '40000' }, []],
    [{ gone: '8' }, []],
    [{ slots: '4' }, [{ scope: 'taskmanager', key: 'taskmanager.numberOfTaskSlots', to: 4 }]],
    [{ memory: '4g' }, [{ scope: 'taskmanager', key: 'taskmanager.memory.process.size', to: '4g' }]],
  ])('%j means %j', (asked, changes) => {
    expect(changesOf(asked, VERTICES)).toEqual(changes);
  });
});
