/** `npm run bench`: each figure beside, and as a ratio to, the same work through the bare relay in the same run. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchChat } from './chat';
import { benchContacts } from './contacts';
import { type Figure, holds, printFigures } from './figure';
import { benchFiles } from './files';
import { benchForwarders } from './forwarders';
import { benchServer } from './server';
import { benchSharing } from './sharing';
import { benchTrace } from './trace';

const parts: Record<string, (runs: number) => Promise<Figure[]>> = {
  server: benchServer,
  chat: benchChat,
  contacts: benchContacts,
  trace: benchTrace,
  sharing: benchSharing,
  files: benchFiles,
  forwarders: benchForwarders,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});
const wanted = values.only === undefined ? Object.keys(parts) : values.only.split(',');
const figures: Figure[] = [];
for (const name of wanted) {
  const part = parts[name];
  if (part === undefined) throw new Error(`there is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
  const measured = await part(Number(values.runs));
  printFigures(measured);
  figures.push(...measured);
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ node: process.version, figures }, null, 2));
process.exit(figures.every(holds) ? 0 : 1);
