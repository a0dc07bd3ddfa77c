import type { YarnApplication } from './applications.decode.js';

const MAX_NAME_CHARS = 64;

/** Names that Flink gives when nobody has chosen one: they tell nothing apart. */
const UNCHOSEN = new Set(['Flink-session-cluster', 'Flink-per-job-cluster', 'Flink-Application-Cluster']);

/**
 * Names of clusters for applications. A job's identity is its cluster's name, so an application that is started again must
 * get the name of the one before: it is the application's own name where that is chosen and free, and with the application's
 * number otherwise. An application keeps its name as long as it runs.
 */
export class ApplicationNames {
  #names = new Map<string, string>();

  /** The name by application id; applications that are gone free theirs. */
  of(applications: readonly YarnApplication[]): ReadonlyMap<string, string> {
    const next = new Map<string, string>();
    for (const { applicationId } of applications) {
      const name = this.#names.get(applicationId);
      if (name !== undefined) next.set(applicationId, name);
    }
    const taken = new Set(next.values());
    for (const application of [...applications].sort((a, b) => a.startedMs - b.startedMs)) {
      if (next.has(application.applicationId)) continue;
      const name = freshName(application, taken);
      taken.add(name);
      next.set(application.applicationId, name);
    }
    this.#names = next;
    return next;
  }
}

function freshName({ applicationId, name }: YarnApplication, taken: ReadonlySet<string>): string {
  const number = applicationId.slice('application_'.length);
  const own = name
    .trim()
    .replace(/[^\w.-]+/g, '-')
    .slice(0, MAX_NAME_CHARS);
  if (own === '' || own === '-') return applicationId;
  if (!UNCHOSEN.has(own) && !taken.has(own)) return own;
  return `${own.slice(0, MAX_NAME_CHARS - number.length - 1)}-${number}`;
}
