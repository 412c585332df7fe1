import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectToEngine } from './link/elect';
import { App } from './ui/App';

const link = connectToEngine({
  openWorker: () => new SharedWorker(new URL('./engine.ts', import.meta.url), { type: 'module', name: 'confab' }),
  startHere: async () => (await import('./engine')).startEngine(),
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App link={link} />
  </StrictMode>,
);
