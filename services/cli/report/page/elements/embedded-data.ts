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

/**
 * Reads the notifications of the report; neighbours stand in one block, which it keeps unpacked.
 */
export class NotificationReader {
  #last: { readonly id: string; readonly content: Promise<unknown> } | null = null;

  /** The notification behind one of a rollout's events; null for an event without one. */
  async read(rollout: number, event: number): Promise<unknown> {
    const id = dataIds.notifications(rollout, Math.floor(event / notificationsPerBlock));
    const content = id === this.#last?.id ? this.#last.content : unpackElement(id);
    this.#last = { id, content };
    const notifications = (await content) as readonly unknown[];
    return notifications[event % notificationsPerBlock] ?? null;
  }
}

async function unpackElement(id: string): Promise<unknown> {
  const packed = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).json();
}
