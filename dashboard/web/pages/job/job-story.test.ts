import { expect, it } from 'vitest';
import { at } from '../../lib/at.ts';
import type { Finding, Recommendation, VertexFigures } from '../../../contract.ts';
import { momentOf, tellStory, vertexToWatch } from './job-story.ts';

// Only what the story looks at; the rest of a finding does not matter here.
const finding = (id: string, more: Partial<Finding> = {}) =>
  ({
    id,
    causedBy: [],
    severity: 'warning',
    state: 'firing',
    basis: 'measured',
    rank: 1,
    subject: { kind: 'job' },
    ...more,
  }) as Finding;
const advice = (id: string, findings: string[]) => ({ id, findings }) as Recommendation;
const vertex = (vertexId: string, more: Partial<VertexFigures> = {}) =>
  ({ vertexId, mark: 'working', ...more }) as VertexFigures;

it('folds symptoms under the last cause of the chain', () => {
  const findings = [finding('lag', { causedBy: ['bp'] }), finding('bp', { causedBy: ['key'] }), finding('key')];
  const story = tellStory({ findings, recommendations: [advice('salt', ['bp'])] });
  expect(story.roots.map((root) => root.finding.id)).toEqual(['key']);
  expect(story.roots[0]?.symptoms.map((it) => it.id).sort()).toEqual(['bp', 'lag']);
  expect(story.roots[0]?.advice.map((it) => it.id)).toEqual(['salt']);
});

it('tells a symptom alone when its cause is not on the page, and survives a circle', () => {
  const findings = [
    finding('a', { causedBy: ['gone'] }),
    finding('b', { causedBy: ['c'] }),
    finding('c', { causedBy: ['b'] }),
  ];
  expect(tellStory({ findings, recommendations: [] }).roots.map((root) => root.finding.id)).toEqual(['a', 'b', 'c']);
});

it('keeps configuration apart, unless it is critical, and leaves out what is resolved', () => {
  const findings = [
    finding('c1', { basis: 'configuration', severity: 'info' }),
    finding('c2', { basis: 'configuration', severity: 'critical' }),
    finding('old', { state: 'resolved' }),
  ];
  const story = tellStory({ findings, recommendations: [advice('x', ['c1'])] });
  expect(story.configuration.map((it) => it.id)).toEqual(['c1']);
  expect(story.roots.map((root) => root.finding.id)).toEqual(['c2']);
  expect(story.otherAdvice).toHaveLength(1);
});

it('puts information after warnings whatever its rank', () => {
  const findings = [finding('i', { severity: 'info', rank: 1 }), finding('w', { rank: 2 })];
  expect(tellStory({ findings, recommendations: [] }).roots.map((root) => root.finding.id)).toEqual(['w', 'i']);
});

it('watches the chosen vertex, else the cause, else the busiest', () => {
  const vertices = [vertex('a', { busyRatioMax: 0.9 }), vertex('b', { mark: 'cause' }), vertex('c')];
  expect(vertexToWatch({ vertices, findings: [] }, 'c')?.vertexId).toBe('c');
  expect(vertexToWatch({ vertices, findings: [] }, 'gone')?.vertexId).toBe('b');
  expect(vertexToWatch({ vertices: [at(vertices, 2), at(vertices, 0)], findings: [] }, '')?.vertexId).toBe('a');
});

it.each([
  ['1767606000000', 1_767_606_000_000],
  ['0', 0],
  ['', undefined],
  ['yesterday', undefined],
  ['-1', undefined],
  ['1e9', undefined],
  ['1767606000000.5', undefined],
])('?at=%s asks for %s', (text, moment) => {
  expect(momentOf(text)).toBe(moment);
});
