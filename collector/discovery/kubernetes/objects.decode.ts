import { z, type ZodType } from 'zod';
import { parseJson, type Decoded } from '../../flink/decode/body.decode.js';
import { countOrZero, optionalText } from '../../flink/decode/fields.decode.js';

/** What every object has that matters here. */
export interface KubernetesObject {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Service extends KubernetesObject {
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
  readonly selector: Readonly<Record<string, string>>;
}

/** A FlinkDeployment of the Flink operator (`flink.apache.org/v1beta1`). */
export interface FlinkDeployment extends KubernetesObject {
  /** Its job is suspended and nothing of it runs. */
  readonly isSuspended: boolean;
  readonly hasTls: boolean;
  readonly restPort?: number;
}

/** One page of a list. */
export interface ObjectPage<T> {
  readonly objects: readonly T[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
}

/** One line of a watch. */
export type WatchEvent<T> =
  | { readonly type: 'set'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'gone'; readonly object: T; readonly resourceVersion: string }
  /** Nothing has changed up to this version. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly code: number; readonly message: string };

const texts = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((raw) =>
    Object.fromEntries(
      Object.entries(raw ?? {}).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    ),
  );

const metadata = z.object({ namespace: z.string(), name: z.string(), labels: texts });

export const serviceSchema: ZodType<Service> = z
  .object({
    metadata,
    spec: z
      .object({ ports: z.array(z.object({ name: optionalText, port: z.number() })).nullish(), selector: texts })
      .nullish(),
  })
  .transform(({ metadata, spec }) => ({
    ...metadata,
    selector: spec?.selector ?? {},
    ports: (spec?.ports ?? []).map(({ name, port }) => ({ port, ...(name === undefined ? {} : { name }) })),
  }));

/** Flink's options may be texts, numbers or flags, flat or (from operator 1.13 on) nested: only flat ones are read. */
const option = (configuration: Readonly<Record<string, unknown>> | null | undefined, key: string): string =>
  String(configuration?.[key] ?? '');

export const flinkDeploymentSchema: ZodType<FlinkDeployment> = z
  .object({
    metadata,
    spec: z
      .object({
        flinkConfiguration: z.record(z.string(), z.unknown()).nullish(),
        job: z.object({ state: optionalText }).nullish(),
      })
      .nullish(),
    status: z.object({ jobManagerDeploymentStatus: optionalText }).nullish(),
  })
  .transform(({ metadata, spec, status }) => {
    const port = Number(option(spec?.flinkConfiguration, 'rest.port'));
    return {
      ...metadata,
      isSuspended: spec?.job?.state === 'suspended' && (status?.jobManagerDeploymentStatus ?? 'MISSING') === 'MISSING',
      hasTls: option(spec?.flinkConfiguration, 'security.ssl.rest.enabled') === 'true',
      ...(Number.isInteger(port) && port > 0 ? { restPort: port } : {}),
    };
  });

const list = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: optionalText }),
  items: z.array(z.unknown()).nullish(),
});

/** A page of a list; objects that make no sense are left out, because one of them must not hide the others. */
export function decodePage<T>(text: string, schema: ZodType<T>): Decoded<ObjectPage<T>> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = list.safeParse(json.value);
  if (!parsed.success) return { ok: false, problem: parsed.error.issues[0]?.message ?? 'is no list' };
  const { metadata, items } = parsed.data;
  const objects = (items ?? []).flatMap((item) => {
    const object = schema.safeParse(item);
    return object.success ? [object.data] : [];
  });
  const page = { objects, resourceVersion: metadata.resourceVersion };
  return { ok: true, value: metadata.continue === undefined ? page : { ...page, continueToken: metadata.continue } };
}

const event = z.object({ type: z.string(), object: z.unknown() });
const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const status = z.object({ code: countOrZero, message: optionalText });

/** A line of a watch; undefined for one that says nothing that matters here. */
export function decodeEvent<T>(line: string, schema: ZodType<T>): WatchEvent<T> | undefined {
  const json = parseJson(line);
  const parsed = event.safeParse(json.ok ? json.value : undefined);
  if (!parsed.success) return undefined;
  const { type, object } = parsed.data;
  if (type === 'ERROR') {
    const { code = 0, message = 'no reason given' } = status.safeParse(object).data ?? {};
    return { type: 'error', code, message };
  }
  const version = versioned.safeParse(object).data?.metadata.resourceVersion;
  if (version === undefined) return undefined;
  if (type === 'BOOKMARK') return { type: 'bookmark', resourceVersion: version };
  const known = schema.safeParse(object);
  if (!known.success) return { type: 'bookmark', resourceVersion: version };
  return { type: type === 'DELETED' ? 'gone' : 'set', object: known.data, resourceVersion: version };
}
