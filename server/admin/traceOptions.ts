import { type Command, type Parsed, parseCommandLine, WrongOption } from '../commandLine';
import type { FollowOptions } from './follow';

const command: Command = {
  usage: [
    'Usage: npm run trace -- --user ADDRESS [OPTIONS]',
    '',
    'Shows the SIP messages of a person live, as a ladder, until Ctrl+C. Credentials are never shown.',
  ],
  remarks: ['The server must run with --admin-port, on this computer and as this user.'],
  prefix: 'CONFAB',
  options: [
    { name: 'user', value: 'ADDRESS', text: 'whom to follow, e.g. alice@contoso.example' },
    { name: 'data', value: 'DIR', standard: './data', text: 'where the server keeps its data' },
    { name: 'text', text: 'give whole messages, with what people say; the server logs that' },
    { name: 'help', text: 'this text' },
  ],
};

export function parseTraceOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Parsed<FollowOptions> {
  return parseCommandLine(command, args, environment, (given) => {
    const user = given.text('user') ?? '';
    if (user === '') throw new WrongOption('Whom? Say --user ADDRESS. See --help.');
    return { user, data: given.text('data') ?? '', withText: given.flag('text') };
  });
}
