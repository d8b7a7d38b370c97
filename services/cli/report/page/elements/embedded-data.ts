import { type BacktestData, backtestDataId } from '../../backtest-data';
import { dataIds, notificationsPerBlock, type ReportIndex, type RolloutDetail } from '../../report-data';

/** The report's data, each part unpacked when it is asked for. */
export function readIndex(): Promise<ReportIndex> {
  return unpackElement(dataIds.index) as Promise<ReportIndex>;
}

export function readBacktest(): Promise<BacktestData> {
  return unpackElement(backtestDataId) as Promise<BacktestData>;
}

export function readDetail(rollout: number): Promise<RolloutDetail> {
  return unpackElement(dataIds.detail(rollout)) as Promise<RolloutDetail>;
}

/** The notification behind one of a rollout's events; null for an event without. */
export async function readNotification(rollout: number, event: number): Promise<unknown> {
  const id = dataIds.notifications(rollout, Math.floor(event / notificationsPerBlock));
  const block = id === lastBlock?.id ? lastBlock.content : unpackElement(id);
  lastBlock = { id, content: block };
  const notifications = (await block) as readonly unknown[];
  return notifications[event % notificationsPerBlock] ?? null;
}

/** Neighbouring notifications stand in the same block. */
let lastBlock: { readonly id: string; readonly content: Promise<unknown> } | null = null;

async function unpackElement(id: string): Promise<unknown> {
  const packed = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).json();
}
