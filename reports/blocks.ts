import type { Severity } from '../analyzer/engine/finding.js';

/** A report as it is read, in one language: what text, Markdown and HTML are made of. Texts are not yet escaped. */
export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  /** What one would say if one had a sentence. */
  readonly verdict: string;
  readonly blocks: readonly Block[];
  readonly foot: string;
}

export type ChartName = 'health' | 'findings';

export type Block = Heading | Note | Tiles | Chart | Table | ActionBlock | Group | JobBlock;

export interface Heading {
  readonly kind: 'heading';
  readonly text: string;
}

export interface Note {
  readonly kind: 'note';
  readonly text: string;
  /** Something that weakens what the report says. */
  readonly isCaution?: boolean;
}

/** A few figures that stand out. */
export interface Tiles {
  readonly kind: 'tiles';
  readonly items: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
}

/** A picture whose figures follow as a table. */
export interface Chart {
  readonly kind: 'chart';
  readonly name: ChartName;
  readonly alt: string;
  readonly table: Table;
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row names it; the others are figures. */
  readonly rows: readonly (readonly string[])[];
}

export interface ActionBlock {
  readonly kind: 'action';
  readonly number: number;
  readonly title: string;
  readonly job: string;
  readonly severity: Severity;
  readonly severityWord: string;
  readonly because: string;
  /** What was seen, what is expected, what it would save: each a sentence. */
  readonly facts: readonly string[];
  readonly diff?: { readonly title: string; readonly text: string };
}

export interface FindingItem {
  readonly severity: Severity;
  readonly severityWord: string;
  readonly change?: string;
  readonly text: string;
}

/** Findings under a word. */
export interface Group {
  readonly kind: 'group';
  readonly title: string;
  readonly items: readonly FindingItem[];
  readonly more?: string;
}

export interface JobBlock {
  readonly kind: 'job';
  readonly name: string;
  readonly place: string;
  readonly health?: string;
  readonly figures: string;
  readonly caution?: string;
  readonly findings: readonly FindingItem[];
  readonly more?: string;
}
