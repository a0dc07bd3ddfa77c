import { describe, expect, it } from 'vitest';
import { GB_BYTES, type Prices } from './cost.js';
import { costOfWeek, type Held } from './held.js';

const BOTH: Prices = { currency: 'EUR', perCoreHour: 0.04, perGbHour: 0.005, clusters: {} };
const CORES: Prices = { currency: 'EUR', perCoreHour: 0.04, clusters: {} };
const HELD: Held = { resources: { cores: 8, memoryBytes: 16 * GB_BYTES }, slots: 4 };
const NO_CORES: Held = { resources: { memoryBytes: 16 * GB_BYTES }, slots: 4 };
const NOTHING: Held = {};

describe('what slots and memory cost in a week', () => {
  const table: readonly (readonly [
    claim: string,
    change: { readonly slots: number; readonly memoryBytes: number },
    held: Held,
    prices: Prices | undefined,
    cost: object | undefined,
  ])[] = [
    ['slots are cores, and their memory', { slots: 1, memoryBytes: 0 }, HELD, BOTH, { coreHours: 336, gbHours: 672, money: 16.8 }], // prettier-ignore
    ['freed slots free both', { slots: -1, memoryBytes: 0 }, HELD, BOTH, { coreHours: -336, gbHours: -672, money: -16.8 }], // prettier-ignore
    ['memory that is named is taken as named', { slots: 1, memoryBytes: GB_BYTES }, HELD, BOTH, { coreHours: 336, gbHours: 168, money: 14.28 }], // prettier-ignore
    ['memory alone has its price', { slots: 0, memoryBytes: GB_BYTES }, HELD, BOTH, { gbHours: 168, money: 0.84 }],
    ['also where cores are not known', { slots: 0, memoryBytes: GB_BYTES }, NOTHING, BOTH, { gbHours: 168, money: 0.84 }], // prettier-ignore
    ['slots of unknown cores have no price', { slots: 1, memoryBytes: 0 }, NO_CORES, BOTH, { gbHours: 672 }],
    ['memory costs nothing where it has no price', { slots: 0, memoryBytes: GB_BYTES }, HELD, CORES, { gbHours: 168, money: 0 }], // prettier-ignore
    ['without prices there is no money', { slots: 1, memoryBytes: 0 }, HELD, undefined, { coreHours: 336, gbHours: 672 }], // prettier-ignore
    ['nothing costs nothing', { slots: 0, memoryBytes: 0 }, HELD, BOTH, undefined],
    ['nor is there a cost where nothing is known', { slots: 1, memoryBytes: 0 }, NOTHING, BOTH, undefined],
  ];
  it.each(table)('%s', (_claim, change, held, prices, cost) => {
    const found = costOfWeek(change, held, 'c', prices);
    if (cost === undefined) return void expect(found).toBeUndefined();
    expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(cost).sort());
    for (const [key, value] of Object.entries(cost)) expect(found).toHaveProperty(key, expect.closeTo(value, 6));
  });
});
