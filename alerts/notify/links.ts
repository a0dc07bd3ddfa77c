/** Addresses of Weir's pages for messages; none where `server.publicUrl` is not set. */
export interface Links {
  job(job: {
    readonly cluster: string;
    readonly jobId: string;
    readonly vertexId?: string;
    readonly atMs: number;
  }): string;
  rule(rule: string): string;
  fleet(cluster: string): string;
}

/**
 * The page's state is in its query string: `at` is the moment in milliseconds, `v` the vertex to look at, `lang` the language
 * (dashboard/web/pages/job). The path prefix, if there is one, is part of the public URL.
 */
export function linksBelow(publicUrl: string, language: string): Links {
  const base = publicUrl.replace(/\/+$/, '');
  const url = (path: string, query: Readonly<Record<string, string>>): string =>
    `${base}${path}?${new URLSearchParams({ ...query, lang: language }).toString()}`;
  return {
    job: ({ cluster, jobId, vertexId, atMs }) =>
      url(`/jobs/${encodeURIComponent(cluster)}/${encodeURIComponent(jobId)}`, {
        at: String(atMs),
        ...(vertexId === undefined ? {} : { v: vertexId }),
      }),
    rule: (rule) => url(`/rules/${encodeURIComponent(rule)}`, {}),
    fleet: (cluster) => url('/', { cluster }),
  };
}
