import type { EdgeSpec } from './spec.js';
import type { VertexState } from './vertex-sim.js';

/** One edge with the input buffers behind it: who gets which share of the records, and for how many there is room. */
export class EdgeSim {
  /** Records that wait in the buffers of this edge, by target. Another edge into the same vertex has buffers of its own. */
  private readonly queued: Float64Array;
  /** Room of each target as the step began: all senders of one step share it. */
  private readonly room: Float64Array;
  private readonly sent: Float64Array;
  /** Records of one sender that fit, where every sender reaches every target. */
  private fitting = Infinity;

  constructor(
    readonly spec: EdgeSpec,
    readonly target: VertexState,
    /** Share of each target; undefined where all get the same. */
    private readonly shares: readonly number[] | undefined,
    /** Records that fit into its buffers at one target. */
    private readonly queueLimit: number,
  ) {
    this.queued = new Float64Array(target.subtasks.length);
    this.room = new Float64Array(target.subtasks.length);
    this.sent = new Float64Array(target.subtasks.length);
  }

  /** `senders`: how many have something to send; the others leave their part of the room to these. */
  begin(senders: number): void {
    const { subtasks } = this.target;
    this.fitting = Infinity;
    this.sent.fill(0);
    for (let i = 0; i < subtasks.length; i += 1) {
      const free = Math.max(0, this.queueLimit - (this.queued[i] ?? 0));
      this.room[i] = free;
      const share = this.shareOf(i);
      if (share > 0) this.fitting = Math.min(this.fitting, free / Math.max(1, senders) / share);
    }
  }

  /** Records that this sender can get rid of in the step: one full target blocks the whole subtask. */
  fits(sender: number): number {
    return this.spec.ship === 'FORWARD' ? (this.room[sender] ?? Infinity) : this.fitting;
  }

  send(sender: number, records: number): void {
    // Where all senders reach all targets it does not matter which of them a record comes from.
    const at = this.spec.ship === 'FORWARD' ? sender : 0;
    if (at < this.sent.length) this.sent[at] = (this.sent[at] ?? 0) + records;
  }

  /** Hands over what was sent in the step. */
  end(recordBytes: number): void {
    const { subtasks } = this.target;
    const all = this.sent[0] ?? 0;
    for (let i = 0; i < subtasks.length; i += 1) {
      const subtask = subtasks[i];
      const records = this.spec.ship === 'FORWARD' ? (this.sent[i] ?? 0) : all * this.shareOf(i);
      if (subtask === undefined) continue;
      subtask.queue += records;
      this.queued[i] = (this.queued[i] ?? 0) + records;
      subtask.bytesIn += records * recordBytes;
    }
  }

  /** A target has worked off this share of all that waited for it. */
  take(target: number, share: number): void {
    this.queued[target] = (this.queued[target] ?? 0) * (1 - share);
  }

  private shareOf(target: number): number {
    return this.shares === undefined ? 1 / this.target.subtasks.length : (this.shares[target] ?? 0);
  }
}
