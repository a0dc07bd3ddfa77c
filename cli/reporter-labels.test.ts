import { describe, expect, it } from 'vitest';
import { LABEL_SCHEMES } from '../alerts/prometheus/reporter/labels.js';
import { UsageError } from './config/load.js';
import { reporterLabelsFrom } from './reporter-labels.js';

const PLAIN = { labels: 'plain', clusterLabel: [] };

describe('labels of Flink’s series', () => {
  it('are the reporter’s own without flags', () => {
    expect(reporterLabelsFrom(PLAIN)).toEqual(LABEL_SCHEMES.plain);
  });

  it('have namespace and pod in Kubernetes', () => {
    expect(reporterLabelsFrom({ ...PLAIN, labels: 'kubernetes' })).toMatchObject({
      cluster: ['namespace'],
      taskManager: 'pod',
      job: 'job_name',
    });
  });

  it('are those that flags name, whatever the scheme', () => {
    const flags = { labels: 'kubernetes', clusterLabel: ['region', 'app'], jobLabel: 'flink_job' };
    expect(reporterLabelsFrom(flags)).toMatchObject({
      cluster: ['region', 'app'],
      taskManager: 'pod',
      job: 'flink_job',
    });
  });

  it('must be labels, and all that are none are named at once', () => {
    const flags = { labels: 'docker', clusterLabel: ['a b'], jobLabel: 'x"}' };
    expect(() => reporterLabelsFrom(flags)).toThrow(UsageError);
    expect(() => reporterLabelsFrom(flags)).toThrow(/docker[^]*x"\}[^]*a b/);
  });
});
