import type { Expectation } from '../testbed/scenario.js';
import { describeFinding, isExpected, wrongFindings } from '../testbed/suite/judge.js';
import type { Finding } from '../testbed/suite/weir-api.js';

/** What one recorded scenario showed, against its label. */
export interface Verdict {
  readonly scenario: string;
  readonly flink: string;
  /** Missing for a healthy job. */
  readonly expected?: string;
  /** The root that stood first in the last reading with the expected one, or with any root if that never came. */
  readonly first?: string;
  /** The expected root stood first of all. */
  readonly isFirst: boolean;
  /** The rule fired as a root somewhere. */
  readonly isRuleFound: boolean;
  /** On the vertex and the subtasks of the label. */
  readonly isPlaceFound: boolean;
  /** From the begin of the fault to the first reading that told of it. */
  readonly seconds?: number;
  /** Rules of measured roots of weight that the label does not know, with their place. */
  readonly wrong: readonly { readonly rule: string; readonly finding: string }[];
  /** Findings of weight that closed and opened again. */
  readonly flips: number;
  readonly jobDays: number;
}

const DAY_MS = 86_400_000;
const isRemark = ({ severity }: Finding): boolean => severity === 'info';

/** Follows one recording, reading by reading. */
export class Trace {
  readonly #expect: Expectation;
  readonly #faultMs: number;
  #firstMs: number | undefined;
  #lastMs = 0;
  #first: string | undefined;
  #isFirst = false;
  #isRuleFound = false;
  #foundMs: number | undefined;
  readonly #wrong = new Map<string, { readonly rule: string; readonly finding: string }>();
  readonly #wasFiring = new Map<string, boolean>();
  #flips = 0;

  constructor(expect: Expectation, faultMs: number) {
    this.#expect = expect;
    this.#faultMs = faultMs;
  }

  /** Takes all findings of one reading, most severe first as the service ranks them. */
  add(atMs: number, findings: readonly Finding[]): void {
    this.#firstMs ??= atMs;
    this.#lastMs = atMs;
    const firing = findings.filter(({ state }) => state === 'firing');
    this.#addRoots(atMs, firing);
    for (const finding of wrongFindings(firing, this.#expect)) {
      const described = describeFinding(finding);
      this.#wrong.set(described, { rule: finding.rule, finding: described });
    }
    this.#addFlips(firing);
  }

  verdict(scenario: string, flink: string): Verdict {
    const { rule } = this.#expect;
    return {
      scenario,
      flink,
      ...(rule === undefined ? {} : { expected: rule }),
      ...(this.#first === undefined ? {} : { first: this.#first }),
      isFirst: this.#isFirst,
      isRuleFound: this.#isRuleFound,
      isPlaceFound: this.#foundMs !== undefined,
      ...(this.#foundMs === undefined ? {} : { seconds: Math.max(0, (this.#foundMs - this.#faultMs) / 1000) }),
      wrong: [...this.#wrong.values()],
      flips: this.#flips,
      jobDays: (this.#lastMs - (this.#firstMs ?? this.#lastMs)) / DAY_MS,
    };
  }

  #addRoots(atMs: number, firing: readonly Finding[]): void {
    const roots = firing.filter(({ role, basis }) => role === 'root' && basis === 'measured');
    const expected = roots.find((finding) => isExpected(finding, this.#expect));
    if (roots.some(({ rule }) => rule === this.#expect.rule)) this.#isRuleFound = true;
    if (expected === undefined && this.#foundMs !== undefined) return;
    const [first] = roots;
    if (first !== undefined) this.#first = describeFinding(first);
    if (expected === undefined) return;
    this.#foundMs ??= atMs;
    // Where nothing is wrong but could be cheaper, the remarks have no order that matters.
    this.#isFirst = first === expected || roots.slice(0, roots.indexOf(expected) + 1).every(isRemark);
  }

  #addFlips(firing: readonly Finding[]): void {
    const now = new Set(firing.filter(({ severity }) => severity !== 'info').map(describeFinding));
    for (const finding of now) {
      if (this.#wasFiring.get(finding) === false) this.#flips += 1;
      this.#wasFiring.set(finding, true);
    }
    for (const finding of this.#wasFiring.keys()) if (!now.has(finding)) this.#wasFiring.set(finding, false);
  }
}
