// Where the media thread begins: a thread reads TypeScript only when it is told to itself.
import { register } from 'tsx/esm/api';

register();
await import('./forwarderWorker.ts');
