import {
  useAbsSendTime as absSendTime,
  useFIR as fir,
  useSdesMid as mid,
  useNACK as nack,
  useOPUS as opus,
  usePLI as pli,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  useREMB as remb,
  useVP8 as vp8,
} from 'werift';

/** Where media is sent and received. */
export interface MediaNetwork {
  /** Addresses of this machine to listen on beside those of its interfaces: loopback, where nothing else is there. */
  readonly listen: readonly string[];
  /** Addresses by which the world knows this machine, where its interfaces have others (one-to-one NAT). */
  readonly announce: readonly string[];
  /** UDP ports, lowest and highest; any when `null`. */
  readonly ports: readonly [number, number] | null;
}

export const videoPayloadType = 96;
export const videoClockRate = 90_000;
export const audioClockRate = 48_000;

/**
 * One video codec only, so that sharer and viewers cannot come to differ: packets are passed on as they are. No transport-cc:
 * with werift's a browser's estimate does not grow.
 */
export function makePeerConnection(network: MediaNetwork): RTCPeerConnection {
  const rtcpFeedback = [nack(), pli(), fir(), remb()];
  const video = vp8({ payloadType: videoPayloadType, rtcpFeedback });
  const rtx = new RTCRtpCodecParameters({
    mimeType: 'video/rtx',
    clockRate: videoClockRate,
    payloadType: videoPayloadType + 1,
    parameters: `apt=${videoPayloadType}`,
  });
  return new RTCPeerConnection({
    codecs: { video: [video, rtx], audio: [opus({ payloadType: 111 })] },
    headerExtensions: { video: [mid(), absSendTime()], audio: [mid()] },
    iceServers: [],
    bundlePolicy: 'max-bundle',
    iceAdditionalHostAddresses: [...network.listen],
    icePortRange: network.ports === null ? undefined : [...network.ports],
  });
}
