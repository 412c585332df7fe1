/** The components of the log, as OCSLogger had them. */
export const components = ['sip', 'signIn', 'media', 'store', 'ui'] as const;
export type Component = (typeof components)[number];

/** OCSLogger's levels, the gravest first. */
export const levels = ['error', 'warning', 'information', 'verbose'] as const;
export type Level = (typeof levels)[number];

/** What a person chose to have logged on this device. */
export interface LoggingChoice {
  isOn: boolean;
  /** Nothing less grave is logged. SIP messages are `information`, keep-alives `verbose`. */
  level: Level;
  components: readonly Component[];
  /** Keeps earlier sessions too; else this one and the last. */
  keepsAll: boolean;
  /** What people say is replaced by `*` before it is logged. */
  hidesText: boolean;
}

export interface Logging extends LoggingChoice {
  /** Epoch ms; since when without a pause. */
  since: number;
  /** Something was refused or made no sense, and nobody has looked at the log since. */
  hasNews: boolean;
}

/** On, so that what just failed can be explained; off beyond the last session. */
export const usualLogging: LoggingChoice = {
  isOn: true,
  level: 'information',
  components,
  keepsAll: false,
  hidesText: false,
};

/** The most messages kept on a device, where no policy says less. */
export const mostLogged = 100_000;
