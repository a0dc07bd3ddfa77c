import { untrack } from 'svelte';
import { ApiError, getJson } from './api.ts';
import { clock } from './clock.svelte.ts';
import { language } from './i18n.svelte.ts';

/** However many events arrive, one thing is read at most this often. */
const GAP_MIN_MS = 1500;

/** Something read from the server: the last good answer, the last failure, and never both lost. */
export class Resource<T> {
  data = $state.raw<T | undefined>();
  error = $state.raw<ApiError | undefined>();
  loading = $state(false);
  failedSinceMs = $state<number | undefined>();
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #startedMs = 0;
  #path: string | undefined;
  #key: string | undefined;

  /** Reads `path`. A new `key` means another thing: what was shown before goes away. */
  request(path: string | undefined, key: string | undefined): void {
    if (key !== this.#key) {
      this.close();
      this.data = undefined;
      this.error = undefined;
      this.#startedMs = 0;
    }
    this.#key = key;
    this.#path = path;
    if (path !== undefined) this.reload();
  }

  /** Reads again: now, or as soon as the running request and the gap allow. */
  reload(): void {
    if (this.#path === undefined || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#startedMs + GAP_MIN_MS - Date.now());
    if (waitMs === 0 && this.#abort === undefined) void this.#read(this.#path);
    else this.#timer = setTimeout(() => this.#again(), Math.max(waitMs, 100));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
  }

  #again(): void {
    this.#timer = undefined;
    this.reload();
  }

  async #read(path: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#startedMs = Date.now();
    this.loading = true;
    try {
      const answer = await getJson<T>(path, language(), abort.signal);
      if (abort.signal.aborted) return;
      clock.learnOffset(answer.clockOffsetMs);
      this.data = answer.body;
      this.error = undefined;
      this.failedSinceMs = undefined;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.error = error instanceof ApiError ? error : new ApiError(0, 'network', String(error));
      this.failedSinceMs ??= Date.now();
    } finally {
      if (this.#abort === abort) {
        this.#abort = undefined;
        this.loading = false;
      }
    }
  }
}

interface Wanted {
  path: string;
  /** The same thing asked again keeps its key, though its path may differ (a later `to=`). */
  key: string;
}

/** A resource that follows what a component wants; `revision` asks for the same once more. */
export function resource<T>(wanted: () => Wanted | undefined, revision: () => unknown = () => 0): Resource<T> {
  const it = new Resource<T>();
  $effect(function loadWhenAskedAgain() {
    const next = wanted();
    const key = next && `${language()} ${next.key}`;
    revision();
    untrack(() => it.request(next?.path, key));
  });
  $effect(function closeAtTheEnd() {
    return () => it.close();
  });
  return it;
}
