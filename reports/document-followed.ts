import { amountOf } from '../analyzer/engine/amount.js';
import { duration, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import type { EffectOutcome } from '../analyzer/engine/recommendation.js';
import type { Block } from './blocks.js';
import type { Followed } from './facts.js';
import { punctuation } from './format.js';
import type { WeeklyReport } from './model.js';
import type { JobSection } from './section.js';
import { OUTCOME_WORDS, WORDS } from './words.js';

/** Of all jobs; the page of each has all. */
const MAX_FOLLOWED = 8;

/** What came of the advice that was followed, held against what it promised. Nothing where none was. */
export function followed({ sections }: WeeklyReport, language: Language): Block[] {
  const all = sections.flatMap((section) => section.followed.map((one) => ({ section, one })));
  if (all.length === 0) return [];
  // What was refuted is news that somebody must act on; what is still being watched is none.
  const order = { refuted: 0, confirmed: 1, applied: 2 } as const;
  const sorted = [...all].sort((a, b) => order[a.one.state] - order[b.one.state]);
  const left = all.length - MAX_FOLLOWED;
  return [
    { kind: 'heading', text: inLanguage(WORDS.followed, language) },
    ...sorted
      .slice(0, MAX_FOLLOWED)
      .map(({ section, one }): Block => ({ kind: 'note', text: lineOf(section, one, language) })),
    ...(left > 0 ? [{ kind: 'note', text: `+${left} ${inLanguage(WORDS.more, language)}` } as const] : []),
  ];
}

/** `orders (prod-a): Run enrich with parallelism 6 instead of 4: it worked; busy 98 % → 66 % (promised 60 % to 72 %)`. */
function lineOf({ jobName, cluster }: JobSection, one: Followed, language: Language): string {
  const word = (value: Text): string => inLanguage(value, language);
  const { colon, semicolon, stop } = punctuation(language);
  const outcomes = (one.outcomes ?? []).flatMap((outcome) => outcomeOf(outcome, one, language));
  const said = [word(OUTCOME_WORDS[one.state]), ...outcomes].join(semicolon);
  return `${jobName} (${cluster})${colon}${word(one.title)}${colon}${said}${stop}`;
}

function outcomeOf(outcome: EffectOutcome, { expected }: Followed, language: Language): string[] {
  const { metric, vertexId, before, seen, low, high, seenAfterMs } = outcome;
  const effect = expected.find((one) => one.metric === metric && one.vertexId === vertexId);
  if (effect === undefined) return [];
  const amount = (value: number): string => amountOf(value, effect.unit);
  const word = (value: Text): string => inLanguage(value, language);
  const was = before === undefined ? '' : `${amount(before)} → `;
  const range = low === high ? amount(low) : `${amount(low)} ${word(text('to', '至'))} ${amount(high)}`;
  const after = seenAfterMs === undefined ? undefined : duration(seenAfterMs);
  const late = after === undefined ? '' : word(text(` after ${after}`, `，${after} 后`));
  return [`${word(effect.label)} ${was}${amount(seen)}${late} (${word(WORDS.promised)} ${range})`];
}
