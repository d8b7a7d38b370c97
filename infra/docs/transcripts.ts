import { parsePolicyFile } from '../../services/policy/policy-file';
import { formatRolloutEnd } from '../local/stories/rollout-ends';
import { readScenario } from '../local/stories/scenario/story-folder';
import { runSimulation } from '../local/stories/simulation';

const transcript = /(\$ rewind simulate docs\/scenarios\/([\w-]+)\.yml\n).*?(?=```)/gs;

/** The page, with what each `rewind simulate` in it prints now. */
export async function withTranscripts(page: string): Promise<string> {
  const printed = new Map<string, string>();
  for (const [, , name = ''] of page.matchAll(transcript)) printed.set(name, await printedBy(name));
  return page.replace(transcript, (_, command, name) => `${command}${printed.get(name)}`);
}

async function printedBy(name: string): Promise<string> {
  const scenario = readScenario(name);
  const lines: string[] = [];
  const { ends } = await runSimulation({
    scenario,
    seed: scenario.seed,
    rewind: parsePolicyFile(JSON.stringify(scenario.policy), name),
    speed: null,
    print: (line) => lines.push(line),
    deliver: () => {},
  });
  return [scenario.about, '', ...lines, '', ...ends.map(formatRolloutEnd), ''].join('\n');
}
