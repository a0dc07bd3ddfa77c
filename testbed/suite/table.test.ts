import { describe, expect, it } from 'vitest';
import type { Outcome } from './run-scenario.js';
import { renderTable, summary } from './table.js';

const passed: Outcome = {
  scenario: 'hot-key',
  flink: '1.20.3',
  passed: true,
  expected: 'skew-hot-key',
  found: 'skew-hot-key',
  vertex: 'agg -> sink: Writer',
  subtasks: [2],
  seconds: 131.4,
  advice: ['Split the key (no diff)'],
  reasons: [],
};
const failed: Outcome = {
  scenario: 'slow-sink',
  flink: '2.3.0',
  passed: false,
  expected: 'bp-external-wait',
  reasons: ['missing: bp-external-wait within 240 s'],
  workDir: '/w',
};

describe('renderTable', () => {
  it('lines up columns and gives the reasons below', () => {
    expect(renderTable([passed, failed]).split('\n')).toEqual([
      'scenario   Flink   expected          found         vertex               subtasks  seconds  verdict',
      'hot-key    1.20.3  skew-hot-key      skew-hot-key  agg -> sink: Writer  2         131      passed',
      'slow-sink  2.3.0   bp-external-wait  -             -                    -         -        FAILED',
      '',
      'What `weir check` proposed on the same jobs:',
      'hot-key (1.20.3): Split the key (no diff)',
      '',
      'Failures:',
      'slow-sink (2.3.0): missing: bp-external-wait within 240 s',
      '    logs: /w',
    ]);
  });
});

describe('summary', () => {
  it('counts', () => {
    expect(summary([passed, failed], 2)).toEqual({ line: '1 passed, 1 failed', failed: 1 });
  });

  it('counts a skipped scenario as failed', () => {
    expect(summary([passed], 2)).toEqual({ line: '1 passed, 1 failed', failed: 1 });
  });
});
