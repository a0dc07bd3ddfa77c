/** One mail as the transport takes it. */
export interface ReportMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Pictures that the HTML names as `cid:…`. */
  readonly attachments: readonly {
    readonly cid: string;
    readonly filename: string;
    readonly content: Buffer;
    readonly contentType: string;
  }[];
}

/** Resolves when the mail server has taken the mail, rejects with what it said. */
export type SendMail = (mail: ReportMail) => Promise<unknown>;
