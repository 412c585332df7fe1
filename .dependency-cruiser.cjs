/** Who may know whom: docs/architecture.md, "Rooms". Run by `npm run boundaries`. */
const rooms = (...names) => `^src/(${names.join('|')})(/|\\.ts)`;

/** A room may import itself, the doorway to time, and the rooms named here. */
const mayKnow = {
  protocol: [],
  domain: ['protocol'],
  // The tap masks before anybody sees a frame.
  sip: ['protocol', 'domain', 'trace/entry', 'trace/mask', 'world'],
  dialect: ['protocol', 'domain', 'sip', 'trace/entry', 'world'],
  history: ['protocol', 'domain', 'world'],
  trace: ['protocol', 'domain', 'world'],
  state: ['protocol', 'domain'],
  client: ['protocol', 'domain', 'dialect', 'state', 'history', 'trace', 'world'],
  link: ['protocol', 'domain', 'client/commands', 'state', 'trace/entry', 'world'],
  ui: ['protocol', 'domain', 'state', 'link', 'client/commands', 'trace/entry', 'world'],
};

const fence = Object.entries(mayKnow).map(([room, known]) => ({
  name: `${room}-knows-only-${known.length === 0 ? 'itself' : 'its-floor'}`,
  severity: 'error',
  from: { path: rooms(room), pathNot: '\\.(test|contract)\\.tsx?$' },
  to: { path: '^(src|server|bench|e2e)/', pathNot: rooms(room, ...known) },
}));

module.exports = {
  forbidden: [
    ...fence,
    {
      name: 'one-door-to-jssip',
      severity: 'error',
      from: { path: '^(src|server)/', pathNot: ['^src/sip/', '\\.test\\.ts$'] },
      to: { path: 'node_modules/jssip' },
    },
    {
      name: 'one-door-to-xml',
      severity: 'error',
      from: { path: '^(src|server)/', pathNot: '^src/protocol/xml\\.ts$' },
      to: { path: 'node_modules/saxes' },
    },
    {
      name: 'server-knows-protocol-only',
      severity: 'error',
      from: { path: '^server/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: '^src/protocol/' },
    },
    {
      name: 'browser-does-not-know-the-server',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.(test|contract)\\.tsx?$', '^src/testing/'] },
      to: { path: '^server/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
