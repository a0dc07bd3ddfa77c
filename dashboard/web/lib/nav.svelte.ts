import {
  belowBase,
  lastingQuery,
  parseRoute,
  patchQuery,
  routePath,
  splitWords,
  toggleWord,
  type Route,
} from './router.ts';

type Patch = Readonly<Record<string, string | null>>;

/** Where the reader is. All view state lives in the address, so that a reload or a sent link shows the same. */
class Nav {
  readonly basePath = new URL(document.baseURI).pathname;
  #path = $state(location.pathname);
  #search = $state(location.search);

  readonly route: Route = $derived(parseRoute(belowBase(this.#path, this.basePath) ?? this.#path));
  readonly params = $derived(new URLSearchParams(this.#search));

  get(key: string): string {
    return this.params.get(key) ?? '';
  }

  has(key: string, word: string): boolean {
    return splitWords(this.get(key)).includes(word);
  }

  toggle(key: string, word: string): void {
    this.set({ [key]: toggleWord(this.get(key), word) });
  }

  /** Changes view state on this page; it makes no new entry in the history. */
  set(patch: Patch): void {
    history.replaceState(null, '', this.#path + patchQuery(this.#search, patch));
    this.#read();
  }

  href(route: Route, patch: Patch = {}): string {
    return this.basePath.replace(/\/$/, '') + routePath(route) + patchQuery(lastingQuery(this.#search), patch);
  }

  here(patch: Patch): string {
    return this.#path + patchQuery(this.#search, patch);
  }

  go(href: string): void {
    history.pushState(null, '', href);
    this.#read();
    scrollTo(0, 0);
  }

  /** Follows links inside the dashboard without a page load; all others stay the browser's. */
  follow(): () => void {
    const onPop = () => this.#read();
    const onClick = (event: MouseEvent) => {
      const href = this.#ownLink(event);
      if (href === undefined) return;
      event.preventDefault();
      this.go(href);
    };
    addEventListener('popstate', onPop);
    document.addEventListener('click', onClick);
    return () => {
      removeEventListener('popstate', onPop);
      document.removeEventListener('click', onClick);
    };
  }

  #ownLink(event: MouseEvent): string | undefined {
    if (event.defaultPrevented || event.button !== 0) return undefined;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download')) return undefined;
    const url = new URL(link.href, document.baseURI);
    if (url.origin !== location.origin) return undefined;
    const path = belowBase(url.pathname, this.basePath);
    if (path === undefined || parseRoute(path).page === 'missing') return undefined;
    return url.pathname + url.search;
  }

  #read(): void {
    this.#path = location.pathname;
    this.#search = location.search;
  }
}

export const nav = new Nav();
