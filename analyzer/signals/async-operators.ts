/** `lookup`: a lookup join of SQL, whose capacity is an option. `code`: an operator whose capacity is an argument in code. */
export type AsyncOperator = 'lookup' | 'code';

/**
 * Whether a vertex has an operator that keeps several calls in flight, by what its chain is called: no metric tells it.
 * `AsyncDataStream` names its operator `async wait operator`, SQL has AsyncCalc and AsyncCorrelate, and up to 1.14 says
 * `async=[true]` of a lookup join; from 1.15 a lookup join does not show it (`LookupJoin[7]`). People who name the operator
 * themselves mostly say async too. A source or sink may be called after its topic, so its name says nothing.
 */
export function asyncOperatorOf(vertexName: string): AsyncOperator | undefined {
  const found = operatorsOf(vertexName).map(kindOf);
  return found.includes('lookup') ? 'lookup' : found.find((kind) => kind !== undefined);
}

/** Details of SQL have commas of their own; without them a comma parts the branches of a chain. */
function operatorsOf(vertexName: string): readonly string[] {
  return vertexName
    .split('->')
    .flatMap((part) => (part.includes('=[') ? [part] : part.split(',')))
    .map((part) => part.replace(/^[\s(]+/, ''));
}

function kindOf(operator: string): AsyncOperator | undefined {
  if (/^(Source|Sink): |: (Writer|Committer)\b/.test(operator)) return undefined;
  if (/^LookupJoin\b/.test(operator)) return /\basync=\[(?!false)/.test(operator) ? 'lookup' : undefined;
  const [name = ''] = operator.split(/[([]/);
  return /async/i.test(name) ? 'code' : undefined;
}
