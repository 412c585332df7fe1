// Builds the headless SIPE client of `npm run interop`, and sees to the system packages that it needs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';

const debianPackages = ['gcc', 'make', 'pkg-config', 'pidgin-sipe', 'libpurple-dev', 'libjson-glib-dev', 'libxml2-dev'];
/** Of the scenarios of media and of captures. */
const programs = { janus: 'janus', turnserver: 'coturn', Xvfb: 'xvfb', tshark: 'tshark' };
const sources = path.join(root, 'interop', 'sipe');
/** Not in git. */
const built = path.join(root, '.cache', 'interop');

/** The path of the client, built when its source is newer. Ends the process when something lacks and cannot be installed. */
export function buildProbe() {
  if (lacking().length > 0) install();
  const lacks = lacking();
  if (lacks.length > 0) {
    console.error(`The SIPE client needs ${lacks.join(', ')}. On Debian: apt-get install ${debianPackages.join(' ')}`);
    process.exit(1);
  }
  mkdirSync(built, { recursive: true });
  const make = spawnSync('make', ['--silent', '-C', sources, `OUT=${built}`], { stdio: 'inherit' });
  if (make.status === 0) return path.join(built, 'probe');
  console.error('The SIPE client could not be built.');
  process.exit(1);
}

function install() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  console.log('Installing pidgin-sipe and what builds a client with it (Debian packages) ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  const wanted = [...debianPackages, ...Object.values(programs)];
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], quiet);
}

function lacking() {
  const tools = ['gcc', 'make', 'pkg-config'].filter((name) => !works(name, '--version'));
  if (tools.length > 0) return tools;
  const libraries = ['purple', 'json-glib-1.0', 'libxml-2.0'].filter((name) => !works('pkg-config', '--exists', name));
  if (libraries.length > 0) return libraries;
  const plugins = spawnSync('pkg-config', ['--variable=plugindir', 'purple'], { encoding: 'utf8' }).stdout.trim();
  const places = [plugins, '/usr/lib/purple-2'].map((directory) => path.join(directory, 'libsipe.so'));
  if (!places.some((file) => existsSync(file))) return ['pidgin-sipe'];
  return Object.keys(programs)
    .filter((name) => !works('which', name))
    .map((name) => programs[name]);
}

function works(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
