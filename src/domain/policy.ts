/** What the server's provisioning allows this person ([MS-SIPREGE] in-band provisioning, `lync-wire` 2.2). */
export interface Policy {
  /** False when the server gave no focus factory: this person starts no conferences. */
  conferences: boolean;
  /** `meetingSize`: the most people in a conference this person organizes. */
  meetingSize: number;
  /** Files may be sent and received. */
  fileTransfer: boolean;
  /** The largest file, in bytes; `null` when nothing is said. */
  fileSize: number | null;
  /** Endings of files that nobody may send or get, as `.exe`. */
  blockedEndings: readonly string[];
  sharing: boolean;
  /** So many messages of the log are kept on a device at most; `null` when nothing is said. */
  mostLogged: number | null;
}

/** What this dialect and server can do; the screen asks these, never a dialect's name. */
export interface Capabilities {
  contactGroups: boolean;
  directory: boolean;
  conferences: boolean;
  notes: boolean;
  changePassword: boolean;
  /** Programs may be shown with two people; of a conference the conference says it. */
  sharing: boolean;
  /** The server keeps files for conferences. */
  fileStore: boolean;
}
