/** Causes that the words of a failure name beyond doubt; each is the id of the rule that tells of it. */
export type FailureCause =
  | 'mem-heap-oom'
  | 'mem-metaspace'
  | 'mem-direct-oom'
  | 'mem-container-oomkilled'
  | 'net-insufficient-buffers'
  | 'net-conn-lost'
  | 'disk-full'
  | 'restore-incompatible'
  | 'ckpt-kafka-txn-timeout'
  | 'ckpt-failing'
  | 'ckpt-metadata-heavy'
  | 'fd-or-thread-leak';

/**
 * Words of Flink, the JVM, Kafka's client and the resource managers (diagnosis §5.12's table). An exit code of 137 alone
 * is not here: a kill or an eviction has it too. More special patterns come first.
 */
const CAUSES: readonly (readonly [FailureCause, RegExp])[] = [
  ['mem-metaspace', /OutOfMemoryError: (Metaspace|Compressed class space)/],
  [
    'mem-direct-oom',
    /OutOfMemoryError: (Direct buffer memory|Cannot reserve \d+ bytes of direct buffer memory)|OutOfDirectMemoryError/,
  ],
  ['mem-heap-oom', /OutOfMemoryError: (Java heap space|GC overhead limit exceeded)/],
  ['fd-or-thread-leak', /OutOfMemoryError: unable to create (new )?native thread|Too many open files/],
  ['mem-container-oomkilled', /OOMKilled|beyond (the )?'?physical'? memory limit/i],
  ['net-insufficient-buffers', /Insufficient number of network buffers/],
  ['disk-full', /No space left on device|Disk quota exceeded|There is not enough space on the disk/],
  [
    'restore-incompatible',
    /Failed to rollback to checkpoint\/savepoint|Cannot map (checkpoint\/savepoint state for )?operator|StateMigrationException|serializer .*must not be incompatible/,
  ],
  [
    'ckpt-kafka-txn-timeout',
    /ProducerFencedException|InvalidProducerEpochException|InvalidPidMappingException|InvalidTxnTimeoutException/,
  ],
  // Seen on 1.20.3 (scenario L38); the words are those of CheckpointFailureManager since 1.9.
  ['ckpt-failing', /Exceeded checkpoint tolerable failure threshold/],
  ['ckpt-metadata-heavy', /exceeds the maximum (akka|pekko) framesize|oversized payload/i],
  [
    'net-conn-lost',
    /(Remote|Local)TransportException|Sending the partition request to .* failed|Connection reset by peer|Connection unexpectedly closed by remote task manager/,
  ],
];
/** A message too large for the RPC may be any message; only together with these it is that of a checkpoint. */
const OF_A_CHECKPOINT = /checkpoint/i;

export interface NamedCause {
  readonly cause: FailureCause;
  /** The line that names it, with the lines of its message. */
  readonly words: string;
}

/** The cause that the deepest exception with known words names: what is above it only passed it on. */
export function causeNamedBy(stacktrace: string): NamedCause | undefined {
  for (const words of headsOf(stacktrace).reverse()) {
    const cause = CAUSES.find(([, pattern]) => pattern.test(words))?.[0];
    if (cause === undefined) continue;
    return cause === 'ckpt-metadata-heavy' && !OF_A_CHECKPOINT.test(stacktrace) ? undefined : { cause, words };
  }
  return undefined;
}

/** First lines of the exception and of each "Caused by", outermost first; a message may go over several lines. */
function headsOf(stacktrace: string): string[] {
  const heads: string[] = [];
  let isInHead = true;
  for (const line of stacktrace.split('\n')) {
    const isHead = heads.length === 0 || line.startsWith('Caused by: ');
    if (isHead) heads.push(line);
    else if (isInHead && !/^\s/.test(line)) heads[heads.length - 1] = `${heads.at(-1) ?? ''}\n${line}`;
    isInHead = isHead || (isInHead && !/^\s+at /.test(line));
  }
  return heads;
}

/**
 * What a failure of the user's own code looks like that is not the code's logic: the same class from two class loaders, or
 * a jar of another version. Undefined for everything else.
 */
export function isClassLoading(stacktrace: string): boolean {
  const [, from, to] =
    /ClassCastException: (?:class )?([\w.$]+) cannot be cast to (?:class )?([\w.$]+)/.exec(stacktrace) ?? [];
  if (from !== undefined && from === to) return true;
  return /\b(NoSuchMethodError|NoSuchFieldError|NoClassDefFoundError|LinkageError|IncompatibleClassChangeError|UnsupportedClassVersionError)\b/.test(
    headsOf(stacktrace).at(-1) ?? '',
  );
}
