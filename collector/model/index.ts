export type * from './checkpoint.js';
export type * from './cluster.js';
export * from './defined.js';
export * from './derive.js';
export type * from './history.js';
export * from './job.js';
export * from './minutes.js';
export type * from './reading.js';
export * from './settle.js';
