import { z } from 'zod';
import { parseRequests, type RequestCount } from './requests.js';

/** The parts of Weir's answers the suite judges. Anything else in them is not its business. */
const finding = z.object({
  rule: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  state: z.enum(['pending', 'firing', 'resolved']),
  role: z.enum(['root', 'symptom']),
  basis: z.enum(['measured', 'configuration']),
  title: z.string().optional(),
  subject: z.object({
    kind: z.string(),
    vertexName: z.string().optional(),
    subtasks: z.array(z.number()).optional(),
  }),
});
export type Finding = z.infer<typeof finding>;

const findings = z.object({ findings: z.array(finding) });

const size = z.union([z.number(), z.string(), z.null(), z.boolean()]).optional();
const recommendation = z.object({
  state: z.string(),
  kind: z.string(),
  title: z.string().optional(),
  changes: z.array(
    z.object({
      scope: z.string(),
      vertexName: z.string().optional(),
      key: z.string().optional(),
      from: size,
      to: size,
    }),
  ),
});
export type Recommendation = z.infer<typeof recommendation>;

const recommendations = z.object({ recommendations: z.array(recommendation) });

const checkReport = z.object({
  jobs: z.array(
    z.object({
      name: z.string(),
      findings: z.array(finding),
      recommendations: z.array(z.object({ title: z.string(), diffs: z.record(z.string(), z.string()) })),
    }),
  ),
});

const REQUEST_TIMEOUT_MS = 10_000;

/** Weir's service, asked over HTTP as any other client would. */
export class WeirApi {
  constructor(readonly url: string) {}

  isReady = async (): Promise<true | undefined> => ((await this.#get('/readyz')).ok ? true : undefined);

  firing = async (): Promise<Finding[]> => findings.parse(await this.#json('/api/v1/findings?state=firing')).findings;

  recommendations = async (): Promise<Recommendation[]> =>
    recommendations
      .parse(await this.#json('/api/v1/recommendations'))
      .recommendations.filter(({ state }) => state === 'proposed');

  requests = async (): Promise<RequestCount[]> => parseRequests(await (await this.#get('/metrics')).text());

  async #json(path: string): Promise<unknown> {
    const answer = await this.#get(path);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }

  #get(path: string): Promise<Response> {
    return fetch(this.url + path, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  }
}

export interface CheckReport {
  findings: Finding[];
  /** Titles of the changes proposed, each with the places it has a diff for. */
  advice: string[];
}

/** Reads what `weir check --format json` printed. */
export function parseCheckReport(stdout: string): CheckReport {
  const { jobs } = checkReport.parse(JSON.parse(stdout));
  return {
    findings: jobs.flatMap((job) => job.findings),
    advice: jobs.flatMap((job) =>
      job.recommendations.map(({ title, diffs }) => `${title} (${Object.keys(diffs).join(', ') || 'no diff'})`),
    ),
  };
}
