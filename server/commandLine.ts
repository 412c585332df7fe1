import { parseArgs } from 'node:util';

/** One option of a command, as `--help` tells it. */
export interface Documented {
  readonly name: string;
  /** What it takes, e.g. `PORT`; a switch when absent. */
  readonly value?: string;
  readonly standard?: string;
  readonly text: string;
  /** May be given more than once. */
  readonly multiple?: true;
}

export interface Command {
  /** What `--help` says before the options. */
  readonly usage: readonly string[];
  /** And after them. */
  readonly remarks?: readonly string[];
  /** Environment variables begin with it. */
  readonly prefix: string;
  readonly options: readonly Documented[];
}

export type Parsed<Options> =
  | { is: 'run'; options: Options }
  | { is: 'help'; text: string }
  | { is: 'wrong'; why: string };

/** `message` is for the person who wrote the command line. */
export class WrongOption extends Error {}

/** What was given: on the command line, else in the environment, else what is standard. */
export interface Given {
  /** `null` when nothing was said and nothing is standard. */
  text(name: string): string | null;
  /** A natural number. */
  number(name: string, highest: number): number;
  flag(name: string): boolean;
  /** In the environment they are separated by blanks. */
  list(name: string): string[];
}

export function environmentNameOf(option: string, prefix = 'CONFAB'): string {
  return `${prefix}_${option.toUpperCase().replaceAll('-', '_')}`;
}

/** Reads a command's options; `read` makes the values and throws `WrongOption` on those that cannot be. */
export function parseCommandLine<Options>(
  command: Command,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  read: (given: Given) => Options,
): Parsed<Options> {
  try {
    const values = readArguments(command, args);
    if (values.help === true) return { is: 'help', text: helpText(command) };
    return { is: 'run', options: read(givenBy(command, values, environment)) };
  } catch (error) {
    if (error instanceof WrongOption) return { is: 'wrong', why: error.message };
    throw error;
  }
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

function readArguments(command: Command, args: readonly string[]): Values {
  const options = Object.fromEntries(
    command.options.map(({ name, value, multiple }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(multiple === true ? { multiple } : {}),
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new WrongOption(`${(error as Error).message.split('. ')[0]}. See --help.`);
  }
}

function givenBy({ prefix, options }: Command, values: Values, environment: NodeJS.ProcessEnv): Given {
  const variable = (name: string): string => environment[environmentNameOf(name, prefix)] ?? '';
  const text = (name: string): string | null => {
    const value = values[name] ?? variable(name);
    return typeof value === 'string' && value !== ''
      ? value
      : (options.find((option) => option.name === name)?.standard ?? null);
  };
  return {
    text,
    number: (name, highest) => {
      const value = text(name) ?? '';
      if (!/^\d{1,7}$/.test(value) || Number(value) > highest)
        throw new WrongOption(`--${name} is no number up to ${highest}: ${value}`);
      return Number(value);
    },
    flag: (name) => values[name] === true || /^(1|yes|true|on)$/i.test(variable(name)),
    list: (name) => {
      const given = values[name];
      return Array.isArray(given) ? given.map(String) : variable(name).split(/\s+/).filter(Boolean);
    },
  };
}

function helpText({ usage, remarks = [], prefix, options }: Command): string {
  const columns = [
    ['Option', 'Environment', 'Meaning (standard)'] as const,
    ...options.map(({ name, value, standard, text }) => {
      const option = `--${name}${value === undefined ? '' : ` ${value}`}`;
      const variable = name === 'help' ? '' : environmentNameOf(name, prefix);
      return [option, variable, `${text}${standard === undefined ? '' : ` (${standard})`}`] as const;
    }),
  ];
  const [first, second] = [0, 1].map((column) => Math.max(...columns.map((row) => row[column]?.length ?? 0)) + 2);
  const rows = columns.map(
    ([option, variable, text]) => `  ${option.padEnd(first ?? 0)}${variable.padEnd(second ?? 0)}${text}`,
  );
  return [...usage, '', ...rows, '', ...remarks, ''].join('\n');
}
