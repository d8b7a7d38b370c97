import type { Import } from './imports';
import type { SourceFile, SourceTree, Violation } from './source-tree';

/**
 * The rooms of the core and of the services are listed by the README of each, in the order of their
 * imports.
 */
const mappedFolders = ['state-machines', 'services', 'infra/ecs-simulator/src'] as const;

/**
 * The only rooms that some rooms of the core may use, where that is less than all rooms before
 * them.
 */
const usesOnly: Readonly<Record<string, readonly string[]>> = {
  'state-machines/analysis': ['log'],
  'state-machines/protection': ['log'],
  'state-machines/audit': ['log', 'rollout', 'service', 'decisions'],
};

/**
 * Reads the rooms from the map: a list item or a table row that begins with a link to the room's
 * folder.
 */
function roomsOnMap(map: SourceFile): string[] {
  return [
    ...map.text.matchAll(/^(?:[-*|]|\d+\.)\s*\**\[`?([\w-]+)`?\/?\]\(\.?\/?(?:src\/)?[\w-]+\/?\)/gm),
  ].map(([, room = '']) => room);
}

/** Rooms that the map does not name, and names on the map without a room. */
export function roomsOffTheMap(tree: SourceTree): Violation[] {
  return mappedFolders.flatMap((folder) => {
    const map = mapOf(tree, folder);
    if (map === undefined)
      return [{ file: mapFile(folder), what: 'is missing: there is no map of the rooms' }];
    const onMap = roomsOnMap(map);
    const rooms = roomsIn(tree, folder);
    return [
      ...rooms
        .filter((room) => !onMap.includes(room))
        .map((room) => ({ file: map.file, what: `does not name ${room}` })),
      ...onMap
        .filter((room) => !rooms.includes(room))
        .map((room) => ({ file: map.file, what: `names ${room}, which is no room` })),
    ];
  });
}

/** Imports of a room that stands below the importing one on the map. */
export function importsAgainstTheMap(tree: SourceTree, imports: readonly Import[]): Violation[] {
  return mappedFolders.flatMap((folder) => {
    const map = mapOf(tree, folder);
    const order = map === undefined ? [] : roomsOnMap(map);
    return imports.flatMap(({ from, imported }) => {
      const [room, other] = [roomOf(folder, from), roomOf(folder, imported)];
      if (room === null || other === null || room === other) return [];
      const allowed = usesOnly[`${folder}/${room}`] ?? order.slice(0, order.indexOf(room));
      return allowed.includes(other)
        ? []
        : [{ file: from, what: `imports ${imported}: ${room} may not use ${other}` }];
    });
  });
}

/**
 * Rooms inside of services, such as those of the command line, that import each other in a circle.
 */
export function roomCircles(imports: readonly Import[]): Violation[] {
  const folders = ['services/cli', 'services/aws', 'infra', 'infra/local'];
  return folders.flatMap((folder) => {
    const between = imports
      .map(({ from, imported }) => ({
        from,
        imported,
        rooms: [roomOf(folder, from), roomOf(folder, imported)] as const,
      }))
      .filter(({ rooms: [room, other] }) => room !== null && other !== null && room !== other);
    const uses = (room: string | null, other: string | null) =>
      between.some(({ rooms }) => rooms[0] === room && rooms[1] === other);
    return between
      .filter(({ rooms: [room, other] }) => uses(other, room))
      .map(({ from, imported, rooms }) => ({
        file: from,
        what: `imports ${imported}, and ${rooms[1]} imports ${rooms[0]}`,
      }));
  });
}

/** The map of a package stands above its `src`. */
function mapFile(folder: string): string {
  return `${folder.replace(/\/src$/, '')}/README.md`;
}

function mapOf(tree: SourceTree, folder: string): SourceFile | undefined {
  return tree.pages.find(({ file }) => file === mapFile(folder));
}

function roomsIn(tree: SourceTree, folder: string): string[] {
  const rooms = tree.sources.map(({ file }) => roomOf(folder, file)).filter((room) => room !== null);
  return [...new Set(rooms)];
}

function roomOf(folder: string, file: string): string | null {
  if (!file.startsWith(`${folder}/`)) return null;
  const [room, rest] = file.slice(folder.length + 1).split('/');
  return room === undefined || rest === undefined ? null : room;
}
