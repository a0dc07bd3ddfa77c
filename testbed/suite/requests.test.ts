import { describe, expect, it } from 'vitest';
import { notFromReporters, parseRequests, unexplained } from './requests.js';

const METRICS = `# TYPE weir_collect_requests_total counter
weir_collect_requests_total{cluster="c",endpoint="/jobs/overview",outcome="ok"} 12
weir_collect_requests_total{cluster="c",endpoint="/jobs/:jobid/checkpoints",outcome="unavailable"} 1
weir_collect_requests_total{cluster="c",endpoint="/jobs/:jobid",outcome="malformed"} 3
`;

describe('the requests of a run', () => {
  it('are read from the metrics', () => {
    expect(parseRequests(METRICS)[2]).toEqual({ endpoint: '/jobs/:jobid', outcome: 'malformed', count: 3 });
  });

  it('that failed for no known reason are told, and pages that were never read', () => {
    const problems = unexplained(parseRequests(METRICS));
    expect(problems).toContain('3 request(s) for /jobs/:jobid ended malformed');
    expect(problems).toContain('no answer of /jobs/:jobid was read');
    expect(problems.join()).not.toContain('unavailable');
    expect(problems.join()).not.toContain('no answer of /jobs/overview was');
  });

  it('of REST for what the reporters tell are few, or the merge does not work', () => {
    const count = (endpoint: string, counted: number) => ({ endpoint, outcome: 'ok', count: counted });
    expect(notFromReporters([count('reporter', 30), count('/jobs/:jobid/metrics?get', 2)])).toEqual([]);
    expect(notFromReporters([count('/jobs/:jobid/metrics?get', 2)])).toEqual(['no reporter was read']);
    expect(notFromReporters([count('reporter', 30), count('/taskmanagers/:taskmanagerid/metrics?get', 60)])).toEqual([
      'REST was asked 60 times for /taskmanagers/:taskmanagerid/metrics?get, which reporters tell',
    ]);
  });
});
