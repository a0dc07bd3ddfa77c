import { readFileSync } from 'node:fs';

/** Versions with real answers in `collector/flink/fixtures`. */
export const FIXTURE_VERSIONS = ['1.13.6', '1.17.2', '1.20.3', '2.3.0'] as const;
export type FixtureVersion = (typeof FIXTURE_VERSIONS)[number];

const file = (version: FixtureVersion, name: string): URL =>
  new URL(`../flink/fixtures/${version}/${name}.json`, import.meta.url);

/** The text of a recorded answer. */
export const fixtureText = (version: FixtureVersion, name: string): string => readFileSync(file(version, name), 'utf8');

/** The recorded text of a Prometheus reporter: of a TaskManager (`tm`) or a JobManager (`jm`). */
export const reporterText = (version: FixtureVersion, process: 'tm' | 'jm'): string =>
  readFileSync(new URL(`../flink/fixtures/${version}/prometheus-${process}.txt`, import.meta.url), 'utf8');
