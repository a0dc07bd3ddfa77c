/** The name of a verdict's alert, the same in the exported rules and in what is sent to Alertmanager, so that silences hold for both. */
export function alertName(rule: string, isCritical: boolean): string {
  const pascal = rule.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  return `Weir${pascal}${isCritical ? 'Critical' : ''}`;
}
