// Builds the page when its sources are newer, for the commands that serve it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildPage } from './build.mjs';
import { root } from './prepare.mjs';

/** Ends the process when the page cannot be built. */
export async function buildStalePage(args) {
  if (args.includes('--help') || args.includes('-h') || !pageIsStale()) return;
  console.log('Building the page ...');
  const code = await buildPage();
  if (code !== 0) process.exit(code);
}

/** True when any source of the page is newer than the built page. */
function pageIsStale() {
  const built = path.join(root, 'dist', 'index.html');
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'].some(
    (name) => newest(path.join(root, name)) > builtAt,
  );
}

function newest(place) {
  if (!existsSync(place)) return 0;
  const stats = statSync(place);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(place).map((name) => newest(path.join(place, name))));
}
