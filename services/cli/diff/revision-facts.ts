import type { ComparableRevision } from '../../aws/operator/comparable-revision';
import { redactLine } from '../terminal/redaction';

/** A fact of a revision: what it is, and what of it may be shown. */
interface Fact {
  readonly value: string;
  /** Null for what is never shown: it may be a secret. */
  readonly shown: string | null;
}

/** Facts by their place, such as `containers.app.image`. */
export type RevisionFacts = ReadonlyMap<string, Fact>;

/** What ECS adds, and what says nothing of how the revision runs. */
const left: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
  'serviceRevisionArn',
  'serviceArn',
  'clusterArn',
  'createdAt',
  'resolvedConfiguration',
]);

/** Everything that may differ from one revision of a service to another. Pure. */
export function factsOfRevision({ taskDefinition, serviceRevision }: ComparableRevision): RevisionFacts {
  const facts = new Map<string, Fact>();
  const { containerDefinitions, ...task } = taskDefinition;
  addFacts(facts, { path: '', value: without(task) });
  addFacts(facts, { path: 'containers', value: containerDefinitions });
  if (serviceRevision === null) return facts;
  const { taskDefinition: _, containerImages = [], ...service } = serviceRevision;
  addFacts(facts, { path: 'service', value: without(service) });
  const digests = containerImages.map(({ containerName: name, imageDigest }) => ({
    name,
    digest: imageDigest,
  }));
  addFacts(facts, { path: 'containers', value: digests });
  return facts;
}

function without(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !left.has(name)));
}

interface Place {
  readonly path: string;
  readonly value: unknown;
  readonly isHidden?: boolean;
}

/** An empty list, an empty text and nothing are the same to ECS. */
function addFacts(facts: Map<string, Fact>, { path, value, isHidden = false }: Place): void {
  if (value === undefined || value === null || value === '') return;
  if (Array.isArray(value)) addList(facts, { path, value, isHidden });
  else if (typeof value === 'object' && !(value instanceof Date)) {
    for (const [name, member] of Object.entries(value)) {
      const place = path === '' ? name : `${path}.${name}`;
      addFacts(facts, { path: place, value: member, isHidden: isHidden || hides(path, name) });
    }
  } else {
    const text = String(value);
    facts.set(path, { value: text, shown: isHidden ? null : redactLine(text) });
  }
}

/** Lists of ECS are sets: what has a name stands under it, texts are sorted. */
function addList(facts: Map<string, Fact>, { path, value, isHidden = false }: Place): void {
  const items = value as readonly unknown[];
  if (items.every((item) => typeof item !== 'object')) {
    const isOrdered = /\.(command|entryPoint)$/.test(path);
    const texts = isOrdered ? items.map(String) : items.map(String).sort();
    addFacts(facts, { path, value: texts.join(isOrdered ? ' ' : ', '), isHidden });
    return;
  }
  for (const [index, item] of items.entries()) {
    const { key, rest } = keyed(item as Readonly<Record<string, unknown>>, index);
    const hidden = isHidden || /\.environment$/.test(path);
    addFacts(facts, { path: `${path}.${key}`, value: rest, isHidden: hidden });
  }
}

const keys = [
  'name',
  'containerName',
  'targetGroupArn',
  'capacityProvider',
  'containerPath',
  'containerPort',
];

/** By which an item of a list is known again; the value of a pair is the item itself. */
function keyed(item: Readonly<Record<string, unknown>>, index: number) {
  const key = keys.find((each) => item[each] !== undefined && item[each] !== null);
  if (key === undefined) return { key: String(index), rest: item };
  const { [key]: name, ...rest } = item;
  const [[only, value] = [], ...more] = Object.entries(rest);
  const isPair = more.length === 0 && (only === 'value' || only === 'valueFrom');
  return { key: String(name), rest: isPair ? value : Object.keys(rest).length === 0 ? 'yes' : rest };
}

/** References to secrets are none themselves. */
const reference =
  /^(secrets|secretOptions|repositoryCredentials|credentialsParameter|credentialSpecs|valueFrom)$/;
const secretName = /token|password|passwd|secret|api_?key|credential/i;

/** Labels are anybody's, but those that say where an image comes from. */
function hides(path: string, name: string): boolean {
  if (path.endsWith('.dockerLabels')) return !name.startsWith('org.opencontainers.image.');
  return secretName.test(name) && !reference.test(name);
}
