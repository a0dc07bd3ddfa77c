import { isMap, isScalar, type Node } from 'yaml';
import type { FlinkVersion } from '../../collector/model/index.js';
import { readFlat } from './read-flat.js';
import { flatten, parseYaml, type YamlDocument } from './read-yaml.js';
import type { Setting, Settings, SettingsKind } from './settings.js';

/**
 * The options that a file sets: `config.yaml`, `flink-conf.yaml`, a FlinkDeployment or FlinkSessionJob of the operator, or a
 * ConfigMap with one of the first two inside. One answer per document that sets options.
 *
 * @param fileName decides between the two forms of Flink's own file where the text could be either
 */
export function readSettings(fileName: string, text: string): readonly Settings[] {
  const documents = parseYaml(text);
  const objects = documents.flatMap(kubernetesObject);
  if (objects.length > 0) return objects;
  const [document] = documents;
  if (document === undefined || isFlatFile(fileName, text, document)) return [readFlat(text)];
  const { settings, problems } = flatten(document, document.root);
  return [{ kind: 'config.yaml', settings, problems: [...document.problems, ...problems] }];
}

/** A name says which; otherwise a text that is YAML is YAML, and unindented lines that are none are the older form. */
function isFlatFile(fileName: string, text: string, { problems }: YamlDocument): boolean {
  const name = fileName.replace(/^.*[/\\]/, '').toLowerCase();
  if (name.includes('flink-conf') || name.endsWith('.conf')) return true;
  if (name === 'config.yaml' || name === 'config.yml') return false;
  return problems.some(({ what }) => what === 'syntax') && !/^[ \t]+\S/m.test(text);
}

function child(node: Node | null | undefined, ...path: readonly string[]): Node | undefined {
  let at: unknown = node;
  for (const name of path) at = isMap(at) ? at.get(name, true) : undefined;
  return (at ?? undefined) as Node | undefined;
}

function scalar(node: Node | null | undefined, ...path: readonly string[]): string | undefined {
  const found = child(node, ...path);
  return isScalar(found) && found.value !== null ? String(found.value) : undefined;
}

function kubernetesObject(document: YamlDocument): readonly Settings[] {
  const { root, problems } = document;
  const kind = scalar(root, 'kind');
  const name = scalar(root, 'metadata', 'name');
  const named = name === undefined ? {} : { name };
  if (kind === 'FlinkDeployment' || kind === 'FlinkSessionJob') {
    const own = flatten(document, child(root, 'spec', 'flinkConfiguration'));
    const flinkVersion = operatorVersion(scalar(root, 'spec', 'flinkVersion'));
    return [
      {
        kind,
        ...named,
        settings: [...own.settings, ...fromSpec(document)],
        ...(flinkVersion === undefined ? {} : { flinkVersion }),
        problems: [...problems, ...own.problems],
      },
    ];
  }
  return kind === 'ConfigMap' ? fromConfigMap(document, named) : [];
}

/** `v1_20` → 1.20. */
function operatorVersion(value: string | undefined): FlinkVersion | undefined {
  const [, major, minor] = /^v(\d+)_(\d+)$/.exec(value ?? '') ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor), text: `${major}.${minor}` };
}

/**
 * What the operator sets from other fields of the spec (`FlinkConfigBuilder`). Not the CPU: the name of that option is the
 * operator's and differs from that of older Flinks.
 */
function fromSpec(document: YamlDocument): readonly Setting[] {
  const fields: readonly (readonly [path: readonly string[], key: string, read: (value: string) => string])[] = [
    [['jobManager', 'resource', 'memory'], 'jobmanager.memory.process.size', operatorMemory],
    [['taskManager', 'resource', 'memory'], 'taskmanager.memory.process.size', operatorMemory],
    [['job', 'parallelism'], 'parallelism.default', String],
  ];
  return fields.flatMap(([path, key, read]) => {
    const node = child(document.root, 'spec', ...path);
    return isScalar(node) && node.value !== null
      ? [{ key, value: read(String(node.value)), line: document.lineOf(node) }]
      : [];
  });
}

/** The operator takes Flink's own texts (`2048m`) and else Kubernetes's quantities (`2Gi`). */
function operatorMemory(value: string): string {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]i)\s*$/.exec(value) ?? [];
  const factor = unit === undefined ? undefined : 1024 ** ('KMGT'.indexOf(unit.charAt(0)) + 1);
  return number === undefined || factor === undefined ? value : `${Math.round(Number(number) * factor)} bytes`;
}

const FLINK_FILES: readonly (readonly [name: string, kind: SettingsKind])[] = [
  ['config.yaml', 'config.yaml'],
  ['flink-conf.yaml', 'flink-conf.yaml'],
];

function fromConfigMap(document: YamlDocument, named: { readonly name?: string }): readonly Settings[] {
  return FLINK_FILES.flatMap(([file, kind]) => {
    const node = child(document.root, 'data', file);
    if (!isScalar(node) || typeof node.value !== 'string') return [];
    // A block text starts on the line after its key.
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    const before = document.lineOf(node) - (isBlock ? 0 : 1);
    const moved = <T extends { readonly line: number }>(all: readonly T[]): readonly T[] =>
      all.map((item) => ({ ...item, line: item.line + before }));
    const [inner] = kind === 'flink-conf.yaml' ? [readFlat(node.value)] : readSettings(file, node.value);
    if (inner === undefined) return [];
    return [{ ...inner, ...named, settings: moved(inner.settings), problems: moved(inner.problems) }];
  });
}
