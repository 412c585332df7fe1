/** What an element of a document is, for those that are not plain; by local name. */
export const elementNotes: Readonly<Record<string, string>> = {
  'focus-uri': 'Address of the conference to join',
  subject: 'Shown to everybody',
  'conversation-id': 'The conversation that becomes the conference',
  availability: '3000 available, 6000 busy, 9000 do not disturb, 15000 away, 18000 offline',
  adhocList: 'The people to follow',
  locked: 'Whether newcomers are let in',
  'admission-policy': 'Who may join',
  'expiry-time': 'When the conference is forgotten',
  deltaNum: 'The version of the list that this is based on',
  machineName: 'The device',
  roles: 'Presenter or attendee',
  'first-im': 'The first message of the inviter',
};

/** What a line of a session description is: by its letter, of `a=` lines by the attribute's name. */
export const sdpNotes: Readonly<Record<string, string>> = {
  v: 'Version',
  o: 'Who made it, and its version',
  s: 'Name',
  c: 'Address',
  t: 'Time',
  m: 'One kind of media: port, transport, formats',
  b: 'Bandwidth',
  'accept-types': 'Formats of messages that can be shown',
  candidate: 'An address where media may come',
  'ice-ufrag': 'Name for trying addresses',
  'ice-pwd': 'Password for trying addresses',
  fingerprint: 'Which certificate will be used',
  setup: 'Who begins the encryption',
  rtpmap: 'What a format number means',
  sendonly: 'Sends only',
  recvonly: 'Receives only',
  inactive: 'Paused',
};
