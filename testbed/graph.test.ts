import { expect, it } from 'vitest';
import { agg, renderGraph, sink, source } from './graph.js';

it('writes the text that Graph.java reads', () => {
  const nodes = [
    source('src', { p: 2, rate: -1 }),
    agg('agg', ['src:hash'], { p: 4, parkUs: 500, chain: 'off' }),
    sink('sink', 'agg:forward', { p: 4 }),
  ];
  expect(renderGraph(nodes)).toBe(
    'src=source p=2 rate=-1; agg=agg in=src:hash p=4 parkUs=500 chain=off; sink=sink in=agg:forward p=4',
  );
});
