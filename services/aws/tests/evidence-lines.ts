/** As much as is kept of what a test wrote. */
export const linesKept = 10;
const lineLengthAtMost = 200;

/** The last lines, cut short. */
export function cutLines(lines: readonly string[]): string[] {
  return lines.slice(-linesKept).map((line) => line.trimEnd().slice(0, lineLengthAtMost));
}
