/** What the media of a tab notes in the log; `connection` names one peer connection. */
export type MediaNote =
  /** The way between two ends; `gathered` and `theirs` are types of candidates (`host`, `srflx`, `relay`). */
  | {
      is: 'mediaPath';
      connection?: string;
      state: 'checking' | 'connected' | 'disconnected' | 'failed' | 'closed';
      gathered: readonly string[];
      theirs: readonly string[];
      /** TURN servers that were given to us. */
      relays: number;
    }
  /** A STUN or TURN server did not serve (RFC 8839, `icecandidateerror`): 701 could not be reached, 401 refused us. */
  | { is: 'relayError'; url: string; code: number }
  /** What one look at the statistics said; `null` where the browser does not tell. */
  | {
      is: 'mediaQuality';
      connection: string;
      /** `out` of what we show, `in` of what we look at. */
      direction: 'in' | 'out';
      grade: 'good' | 'fair' | 'poor' | null;
      /** Bits a second. */
      bitrate: number | null;
      framesPerSecond: number | null;
      width: number | null;
      height: number | null;
      /** 0 to 1. */
      loss: number | null;
      roundTripMs: number | null;
      delayMs: number | null;
      path: { by: 'host' | 'reflexive' | 'relay'; protocol: 'udp' | 'tcp' } | null;
    };
