import { describe, expect, it } from 'vitest';
import { parseMemoryFlags } from './memory-flags.js';

describe('parseMemoryFlags', () => {
  it('finds the two answers between log lines', () => {
    const output = [
      '10:00:00 INFO  loading configuration',
      'BASH_JAVA_UTILS_EXEC_RESULT:-Xmx100 -Xms100  -XX:MaxDirectMemorySize=7',
      'BASH_JAVA_UTILS_EXEC_RESULT:-D taskmanager.cpu.cores=2.0 -D a.b=1b',
      '',
    ].join('\n');
    expect(parseMemoryFlags(output)).toEqual({
      jvm: ['-Xmx100', '-Xms100', '-XX:MaxDirectMemorySize=7'],
      dynamic: ['-D', 'taskmanager.cpu.cores=2.0', '-D', 'a.b=1b'],
    });
  });

  it('shows what was printed when an answer is missing', () => {
    expect(() => parseMemoryFlags('Exception: Sum of configured memory exceeds')).toThrow(/0 answers.*\n.*Sum of/);
  });
});
