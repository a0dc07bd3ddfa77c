/** What one request to a cluster brought: the decoded value, or why there is none. Never an exception. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly atMs: number }
  | { readonly ok: false; readonly failure: ReadFailure; readonly atMs: number };

/** Why a reading failed. The kind is what a person must do something about, not the transport's error code. */
export interface ReadFailure {
  readonly kind: ReadFailureKind;
  /** One sentence: what was asked, what came back, what to do. Secrets masked. */
  readonly message: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
}

export type ReadFailureKind =
  /** No connection: refused, unknown host, reset, TLS refused. */
  | 'unreachable'
  | 'timeout'
  /** 401 or 403. */
  | 'unauthorized'
  /** 5xx, or Flink's "not ready yet". */
  | 'unavailable'
  /** 404: the job, vertex or checkpoint is gone, or this Flink does not know the path. */
  | 'not-found'
  /** An answer that is not Flink's REST: HTML, a login page, another service. */
  | 'not-flink'
  /** JSON that is cut off or has another shape than any known Flink version's. */
  | 'malformed'
  /** Larger than the limit for one body. */
  | 'too-large'
  /** Any other HTTP status. */
  | 'http';
