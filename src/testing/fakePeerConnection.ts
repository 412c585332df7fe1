/** As much of a browser's peer connection as negotiation needs, in a test's hands: it gathers when told. */
export class FakePeerConnection extends EventTarget {
  static last: FakePeerConnection;
  readonly log: string[] = [];
  signalingState: RTCSignalingState = 'stable';
  iceGatheringState: RTCIceGatheringState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  configuration: RTCConfiguration;
  /** Remote descriptions that the browser cannot read. */
  unreadable = '';
  readonly #candidates: string[] = [];
  #offers = 0;

  constructor(configuration: RTCConfiguration = {}) {
    super();
    this.configuration = configuration;
    FakePeerConnection.last = this;
  }

  createDataChannel(label: string): void {
    this.log.push(`channel ${label}`);
  }

  async createOffer(options: RTCOfferOptions = {}): Promise<RTCSessionDescriptionInit> {
    this.#offers += 1;
    return { type: 'offer', sdp: `offer ${this.#offers}${options.iceRestart ? ' restarted' : ''}` };
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return { type: 'answer', sdp: 'answer' };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.log.push(`local ${description.type}`);
    if (description.type === 'rollback') {
      this.signalingState = 'stable';
      return;
    }
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    const { type, sdp = '' } = description;
    const candidates = this.#candidates;
    this.localDescription = {
      type,
      get sdp() {
        return [sdp, ...candidates].join(' ');
      },
    };
    if (this.iceGatheringState === 'new') this.#become('gathering');
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (this.unreadable !== '' && description.sdp === this.unreadable) throw new DOMException('no', 'OperationError');
    this.log.push(`remote ${description.type}`);
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  /** A candidate was found. */
  find(type: RTCIceCandidateType): void {
    this.#candidates.push(type);
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { type } }));
  }

  /** A STUN or TURN server did not serve. */
  refuse(errorCode: number): void {
    this.dispatchEvent(Object.assign(new Event('icecandidateerror'), { errorCode }));
  }

  finish(): void {
    this.#become('complete');
  }

  #become(state: RTCIceGatheringState): void {
    this.iceGatheringState = state;
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }

  connect(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  close(): void {
    this.signalingState = 'closed';
    this.connect('closed');
  }
}
