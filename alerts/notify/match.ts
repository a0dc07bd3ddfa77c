import { SEVERITIES, type Severity } from '../../analyzer/engine/finding.js';
import type { Match, Route } from './settings.js';

/** What routes look at. */
export interface Matched {
  readonly cluster: string;
  readonly owner: string | undefined;
  readonly jobName: string;
  readonly severity: Severity;
}

/** The routes that take it: the first that matches, and those after it as long as each says to go on. */
export function routesFor(routes: readonly Route[], matched: Matched): readonly Route[] {
  const taken: Route[] = [];
  for (const route of routes) {
    if (!matches(route.match, matched)) continue;
    taken.push(route);
    if (!route.goesOn) break;
  }
  return taken;
}

/** Of a cluster without a reading, whose jobs are those last known: one of them would have matched, or none is known. */
export function routesForCluster(
  routes: readonly Route[],
  { cluster, owner, jobNames }: { cluster: string; owner: string | undefined; jobNames: readonly string[] },
): readonly Route[] {
  const names = jobNames.length === 0 ? [''] : jobNames;
  const found = new Set(
    names.flatMap((jobName) => routesFor(routes, { cluster, owner, jobName, severity: 'warning' })),
  );
  return routes.filter((route) => found.has(route));
}

function matches(match: Match, { cluster, owner, jobName, severity }: Matched): boolean {
  return (
    SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(match.severity) &&
    (match.owners === undefined || (owner !== undefined && match.owners.includes(owner))) &&
    (match.clusters === undefined || match.clusters.some((glob) => globMatches(glob, cluster))) &&
    (match.jobs === undefined || match.jobs.some((glob) => globMatches(glob, jobName)))
  );
}

/** `*` is any text, `?` one character. Linear in the text for each `*`: no pattern makes it slow. */
export function globMatches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g;
      resumeAt = t;
      g += 1;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      g += 1;
      t += 1;
    } else if (star >= 0) {
      resumeAt += 1;
      t = resumeAt;
      g = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(g));
}
