import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Home } from '../home';
import type { MessageCounts } from './messageCounts';

/** Prometheus text format 0.0.4. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

const transports = ['WS', 'WSS', 'TCP', 'TLS'] as const;

type Samples = Iterable<readonly [labels: string, value: number]>;

/** What the server tells Prometheus. No label names a person or an address. */
export class Metrics {
  readonly #home: Home;
  readonly #counts: MessageCounts;
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });

  constructor(home: Home, counts: MessageCounts) {
    this.#home = home;
    this.#counts = counts;
    this.#delay.enable();
  }

  stop(): void {
    this.#delay.disable();
  }

  text(): string {
    const { flows, core, throttle, conferences } = this.#home;
    const { rss, heapUsed } = process.memoryUsage();
    const open = (protocol: string): number =>
      [...flows].filter(({ transport }) => transport.protocol === protocol).length;
    return [
      gauge(
        'connections',
        'Open SIP connections.',
        transports.map((protocol) => [`transport="${protocol}"`, open(protocol)]),
      ),
      gauge('endpoints', 'Signed-in endpoints: browsers and native clients.', core.registrations.size),
      gauge('conferences', 'Conferences with somebody in them.', conferences.inUse),
      counter('sip_requests_total', 'SIP requests since the start.', this.#counts.requests),
      counter(
        'sip_responses_total',
        'SIP responses since the start, by the method they answer.',
        this.#counts.responses,
      ),
      counter('messages_relayed_total', 'MESSAGE requests sent to endpoints.', this.#counts.relayed),
      counter('sign_in_failures_total', 'Sign-ins and password changes with a wrong password.', throttle.failures),
      gauge('resident_memory_bytes', 'Memory of the process.', rss),
      gauge('heap_used_bytes', 'JavaScript heap in use.', heapUsed),
      gauge('uptime_seconds', 'How long the process has run.', Math.floor(process.uptime())),
      gauge('event_loop_delay_seconds', 'How late timers ran since this was last asked.', this.#delays()),
    ].join('');
  }

  /** The histogram counts nanoseconds of whole intervals, the wanted 10 ms included. */
  #delays(): Samples {
    const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - 0.01) || 0;
    const delay = this.#delay;
    const samples: [string, number][] = [
      ['quantile="0.5"', seconds(delay.percentile(50))],
      ['quantile="0.99"', seconds(delay.percentile(99))],
      ['quantile="1"', seconds(delay.count === 0 ? 0 : delay.max)],
    ];
    delay.reset();
    return samples;
  }
}

const gauge = (name: string, help: string, samples: Samples | number): string => family('gauge', name, help, samples);
const counter = (name: string, help: string, samples: Samples | number): string =>
  family('counter', name, help, samples);

function family(type: string, name: string, help: string, samples: Samples | number): string {
  const lines = [`# HELP confab_${name} ${help}`, `# TYPE confab_${name} ${type}`];
  if (typeof samples === 'number') lines.push(`confab_${name} ${samples}`);
  else for (const [labels, value] of samples) lines.push(`confab_${name}{${labels}} ${value}`);
  return `${lines.join('\n')}\n`;
}
