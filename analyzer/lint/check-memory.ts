import type { FlinkVersion } from '../../collector/model/index.js';
import { text } from '../text.js';
import { jobManagerMemory, taskManagerMemory } from '../tuning/memory/memory.js';
import type { Deployment } from '../tuning/memory/options.js';
import { asConfiguration, type Settings } from './settings.js';
import type { LintProblem } from './problem.js';

const COMPONENTS = [
  { name: 'TaskManager', prefix: 'taskmanager.', derive: taskManagerMemory },
  { name: 'JobManager', prefix: 'jobmanager.', derive: jobManagerMemory },
] as const;

/** Keys that give a component's memory a size. A file with none of them leaves that to others, and is not judged. */
const SIZED = /^(task|job)manager\.memory\.((process|flink|heap|task\.heap|managed)\.size|size)$/;
/** Read up to 1.x. */
const SIZED_OF_OLD = /^(task|job)manager\.heap\.(size|mb)$/;

/** Whether Flink would refuse to start with these sizes: its own model, its own words. */
export function checkMemory(file: Settings, version: FlinkVersion, deployment: Deployment): readonly LintProblem[] {
  const configuration = asConfiguration(file);
  return COMPONENTS.flatMap(({ name, prefix, derive }) => {
    const isSize = (key: string): boolean => SIZED.test(key) || (version.major < 2 && SIZED_OF_OLD.test(key));
    const sizes = file.settings.filter(({ key }) => key.startsWith(prefix) && isSize(key));
    const [first] = sizes;
    if (first === undefined) return [];
    const answer = derive(configuration, version, deployment);
    if (answer.ok) return [];
    const said = answer.refused.map(([, message]) => message).join(' ');
    // A value that cannot be read is told where it stands.
    if (/Could not parse value|Cannot read memory size/.test(said)) return [];
    return [
      {
        rule: 'refused-memory',
        severity: 'critical' as const,
        line: sizes.find(({ key }) => said.includes(key))?.line ?? first.line,
        message: text(`The ${name} does not start: ${said}`, `${name} 无法启动：${said}`),
        fix: text(
          `try sizes with: weir memory --flink ${version.text} --component ${name.toLowerCase()}`,
          `可用 weir memory --flink ${version.text} --component ${name.toLowerCase()} 试算`,
        ),
      },
    ];
  });
}
