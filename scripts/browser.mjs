// Finds a browser for the journeys, or installs one: the system's, else Debian's package when root, else (Chromium) Playwright's.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { program } from './prepare.mjs';

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** The path of a Chromium, or `null` for the one that Playwright keeps itself. */
export function findOrInstallChromium() {
  if (process.env.CONFAB_CHROMIUM) return process.env.CONFAB_CHROMIUM;
  const found = onPath(chromiumNames) ?? debianPackage('Chromium', chromiumNames, ['chromium', 'fonts-liberation']);
  if (found !== null) return found;
  console.log('Installing Chromium (Playwright) ...');
  const result = spawnSync(process.execPath, [program('@playwright/test', 'cli.js'), 'install', 'chromium'], {
    stdio: 'inherit',
  });
  if (result.status === 0) return null;
  console.error('No Chromium found and none could be installed. Install one, or name it in CONFAB_CHROMIUM.');
  process.exit(1);
}

/** The path of a Firefox of the system: the journey in it is driven without a patched one. */
export function findOrInstallFirefox() {
  if (process.env.CONFAB_FIREFOX) return process.env.CONFAB_FIREFOX;
  const names = ['firefox-esr', 'firefox'];
  const found = onPath(names) ?? debianPackage('Firefox ESR', names, ['firefox-esr']);
  if (found !== null) return found;
  console.error('No Firefox found and none could be installed. Install one, or name it in CONFAB_FIREFOX.');
  process.exit(1);
}

/** Installs packages where that can be done; the path of one of these programs, or `null`. */
function debianPackage(what, names, packages) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null;
  console.log(`Installing ${what} (Debian package) ...`);
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  return onPath(names);
}

function onPath(candidates) {
  for (const name of candidates) {
    for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(directory, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next directory.
      }
    }
  }
  return null;
}
