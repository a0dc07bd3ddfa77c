import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listeningAddress } from './listening.js';
import { temporaryDir } from './service.js';

/** A series with its samples, oldest first. */
export interface TimedSeries {
  /** `name{label="value"}`. */
  readonly series: string;
  readonly samples: readonly { readonly atSeconds: number; readonly value: number }[];
}

export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A real Prometheus on the loopback that holds what it was given, and scrapes nothing. */
export interface RunningPrometheus {
  query(expr: string, atSeconds: number): Promise<readonly QueryResult[]>;
  end(): Promise<void>;
}

/** @throws when promtool refuses the series or the server does not come up */
export async function startPrometheus(all: readonly TimedSeries[]): Promise<RunningPrometheus> {
  const dir = temporaryDir();
  const [input, data, config] = ['series.om', 'data', 'prometheus.yml'].map((name) => join(dir.path, name));
  if (input === undefined || data === undefined || config === undefined) throw new Error('no paths');
  writeFileSync(input, openMetrics(all));
  writeFileSync(config, 'global: {}\n');
  const made = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', input, data], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`promtool: ${made.stdout}${made.stderr}`);
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = once(child, 'exit');
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
    dir.remove();
  };
  const url = await listeningAddress(child, /Server is ready/).catch(async (cause: unknown) => {
    await end();
    throw cause;
  });
  return {
    async query(expr, atSeconds) {
      const body = new URLSearchParams({ query: expr, time: String(atSeconds) });
      const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
      // Prometheus's own API: https://prometheus.io/docs/prometheus/latest/querying/api/
      const answer = (await response.json()) as { data?: { result: QueryResult[] }; error?: string };
      if (answer.data === undefined) throw new Error(`${expr}: ${answer.error}`);
      return answer.data.result;
    },
    end,
  };
}

/** OpenMetrics wants the samples in the order of time. */
function openMetrics(all: readonly TimedSeries[]): string {
  const lines = all.flatMap(({ series, samples }) =>
    samples.map(({ atSeconds, value }) => ({ series, atSeconds, value })),
  );
  lines.sort((a, b) => a.atSeconds - b.atSeconds);
  const number = (value: number): string =>
    value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
  return `${lines.map(({ series, value, atSeconds }) => `${series} ${number(value)} ${atSeconds}`).join('\n')}\n# EOF\n`;
}

/** Every series of a text exposition, with more labels. */
export function seriesOfText(
  text: string,
  more: string,
): readonly { readonly series: string; readonly value: number }[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const own = labels.replace(/,$/, '');
    return [
      { series: `${name}{${more}${own === '' ? '' : `,${own}`}}`, value: value === '+Inf' ? Infinity : Number(value) },
    ];
  });
}
