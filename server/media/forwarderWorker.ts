import { parentPort, workerData } from 'node:worker_threads';
import { realClock } from '../clock';
import type { Answer, Call } from './isolatedForwarder';
import type { MediaNetwork } from './werift/peerConnection';
import { WeriftForwarder } from './werift/weriftForwarder';

/** The other thread of `IsolatedForwarder`. */
const forwarder = new WeriftForwarder(workerData as MediaNetwork, realClock);
const port = parentPort;
if (port === null) throw new Error('this runs in a worker only');

function answer(message: Answer): void {
  port?.postMessage(message);
}

forwarder.onFact((fact) => answer({ is: 'fact', fact }));

port.on('message', ({ id, verb, args }: Call) => {
  const call = forwarder[verb] as (...given: unknown[]) => Promise<unknown>;
  // What throws here is a bug, of ours or of werift: it ends this thread, and its end is told.
  void call.apply(forwarder, [...args]).then((value) => answer({ is: 'answer', id, value }));
});
answer({ is: 'ready' });
