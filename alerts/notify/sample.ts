import { text, type Language } from '../../analyzer/text.js';
import { itemOf, type Context } from './compose.js';
import type { Notice } from './notice.js';
import type { Sighting } from './sighting.js';
import { word } from './words.js';

/** A finding that nobody has, for a test of a channel: it shows what a message looks like. */
export function sampleSighting(nowMs: number): Sighting {
  return {
    findingId: 'test',
    rule: 'skew-hot-key',
    severity: 'warning',
    cluster: 'example',
    jobName: 'orders-enrich (example)',
    jobId: '00000000000000000000000000000000',
    vertex: 'Keyed Aggregate',
    title: text('One key carries about 45 % of the records (example)', '单个键承载约 45 % 的记录（示例）'),
    summary: text('This is a test of the channel. No job of yours is concerned.', '这是通道测试，与您的作业无关。'),
    evidence: [
      {
        signal: 'share-of-busiest-subtask',
        label: text('share of the busiest subtask', '最忙子任务的占比'),
        value: 0.45,
        unit: 'ratio',
        threshold: 0.25,
        comparison: '>=',
        windowMs: 60_000,
      },
    ],
    action: {
      title: text('Aggregate before the shuffle (example)', '在 shuffle 之前预聚合（示例）'),
      diff: "+ table.optimizer.agg-phase-strategy: 'TWO_PHASE'",
    },
    firstSeenMs: nowMs,
    atMs: nowMs,
    isToTell: true,
  };
}

export function sampleNotice(language: Language, context: Context, nowMs: number): Notice {
  return {
    id: `test-${nowMs.toString(36)}`,
    kind: 'test',
    route: 'test',
    language,
    atMs: nowMs,
    severity: 'warning',
    cluster: 'example',
    headline: word('testHeadline', language),
    items: [itemOf(sampleSighting(nowMs), language, context)],
    more: 0,
    follows: [],
  };
}
