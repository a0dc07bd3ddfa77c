import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobPage, JobsResponse } from '../contract.js';
import { checkReport } from '../../cli/check-report.js';
import { renderMarkdown } from '../../cli/check-markdown.js';
import { renderText } from '../../cli/check-text.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { serveSimulated, SETTLED_BEATS, type ServedSim } from '../../test/support/served-sim.js';
import { SHAPES } from '../../test/support/wire-shapes.js';

const ESC = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** One name with everything at once: HTML, Markdown, labels, terminal, lines, templates. */
const NAME = `</script><img src=x onerror=alert(1)> [a](javascript:b) "q" \\ \n# head ${ESC}[31mred${BELL} {{x}} \${y} ‮'`;

let sim: ServedSim;
beforeAll(async () => {
  const specs = DEMO_JOBS.filter(({ name }) => name === 'billing-sink').map((spec) => ({
    ...spec,
    name: NAME,
    vertices: spec.vertices.map((vertex) => ({ ...vertex, name: `${vertex.name} ${NAME}` })),
    edges: spec.edges.map((edge) => ({ ...edge, from: `${edge.from} ${NAME}`, to: `${edge.to} ${NAME}` })),
  }));
  sim = await serveSimulated({ specs });
  await sim.beats(SETTLED_BEATS);
}, 60_000);
afterAll(async () => {
  expect(sim.bugs).toEqual([]);
  await sim.close();
});

/** What a terminal would act on. */
// eslint-disable-next-line no-control-regex -- that nothing of this kind is left is the claim
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

describe('a job whose name is hostile', () => {
  it('keeps its name in JSON to the letter, and every answer keeps its shape', async () => {
    const { jobs } = await sim.json<JobsResponse>('/api/v1/jobs');
    expect(jobs.map(({ name }) => name)).toEqual([NAME]);
    const page = await sim.json<JobPage>(`/api/v1/jobs/sim/${jobs[0]?.jobId ?? ''}`);
    expect(SHAPES['JobPage']?.safeParse(page).error?.issues ?? []).toEqual([]);
    expect(page.findings[0]?.subject.vertexName).toContain(NAME);
  });

  it('is JSON with a type that no browser renders', async () => {
    const response = await sim.get('/api/v1/jobs');
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('can be asked for by its name', async () => {
    const { jobs } = await sim.json<JobsResponse>(`/api/v1/jobs?q=${encodeURIComponent(NAME)}`);
    expect(jobs).toHaveLength(1);
    const found = await sim.json<{ findings: object[] }>(`/api/v1/findings?job=${encodeURIComponent(NAME)}`);
    expect(found.findings.length).toBeGreaterThan(0);
  });

  it('is echoed by a problem as JSON only', async () => {
    const response = await sim.get(`/api/v1/jobs/sim/${encodeURIComponent(NAME)}`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('is one line of /metrics per sample, its quotes, lines and backslashes escaped', async () => {
    const text = await (await sim.get('/metrics')).text();
    const label = `job_name="${NAME.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')}"`;
    expect(text).toContain(label);
    for (const line of text.split('\n')) expect(line).toMatch(/^(|# (HELP|TYPE) .*|[a-z_\d]+(\{.*\})? [-+.e\d]+)$/);
  });

  it('neither moves the cursor nor colours the terminal', () => {
    const text = renderText(checkReport('sim', '1.20.3', sim.watch.reports(), '0', 'en'));
    expect(text).not.toMatch(CONTROL);
    expect(text).toContain('onerror');
  });

  it('makes no link, tag, heading or code fence in Markdown', () => {
    const markdown = renderMarkdown(checkReport('sim', '1.20.3', sim.watch.reports(), '0', 'en'));
    expect(markdown).not.toMatch(CONTROL);
    expect(markdown).not.toMatch(/(?<!\\)<\/?(img|script)/);
    expect(markdown).not.toMatch(/(?<!\\)\]\(javascript/);
    expect(markdown).not.toMatch(/^# head/m);
  });

  it('is inert in the weekly report, in every format', async () => {
    const reportAs = async (format: string): Promise<string> =>
      (await sim.get(`/api/v1/reports/2026-W02?format=${format}`)).text();
    const html = await reportAs('html');
    expect(html).not.toMatch(/<img src=x|<\/?script/);
    expect(html).toContain('onerror');
    expect(html).not.toMatch(CONTROL);
    const markdown = await reportAs('markdown');
    expect(markdown).toContain('onerror');
    expect(markdown).not.toMatch(/(?<!\\)<(img|script)|(?<!\\)\]\(javascript|^# head/m);
    expect(await reportAs('text')).not.toMatch(CONTROL);
  });
});
