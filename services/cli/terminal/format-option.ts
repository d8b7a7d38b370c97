import { type Command, InvalidArgumentError } from 'commander';

const formats = ['text', 'json'] as const;
export type Format = (typeof formats)[number];

const pageFormats = [...formats, 'html'] as const;
export type PageFormat = (typeof pageFormats)[number];

/** The option `--format` of a command that writes for people or for machines. */
export function addFormatOption(command: Command): Command {
  return command.option('--format <FORMAT>', 'text or json', parseFormat, 'text');
}

/** The option `--format` of a command that can write a page as well. */
export function addPageFormatOption(command: Command): Command {
  const description = 'text, json or html (one file to be opened in a browser)';
  return command.option('--format <FORMAT>', description, parsePageFormat, 'text');
}

function parseFormat(text: string): Format {
  const format = formats.find((each) => each === text);
  if (format !== undefined) return format;
  throw new InvalidArgumentError('It is text or json.');
}

function parsePageFormat(text: string): PageFormat {
  const format = pageFormats.find((each) => each === text);
  if (format !== undefined) return format;
  throw new InvalidArgumentError('It is text, json or html.');
}
