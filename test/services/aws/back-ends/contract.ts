import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MetricBackEnd } from '../../../../services/aws/measurements/back-ends/back-end';
import {
  type ProvidedMetric,
  providedMetric,
} from '../../../../state-machines/log/measuring/analysis-policy';
import { minuteEnd, servedIn, service, versions, windows } from './served-requests';

/** A back-end that was told of `requests`, and how it is asked. */
export interface ToldBackEnd {
  readonly backEnd: MetricBackEnd;
  readonly metric: ProvidedMetric;
  /** From now on nobody answers. */
  readonly breakDown: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function metricOf(asked: Pick<ProvidedMetric, 'provider' | 'events' | 'total'>): ProvidedMetric {
  return { ...providedMetric, name: 'errors', ...asked };
}

/** What every back-end tells of the same requests: exactly, as each of them counts whole ones. */
export function backEndContract(start: () => Promise<ToldBackEnd>): void {
  let told: ToldBackEnd;
  beforeAll(async () => {
    told = await start();
  }, 30_000);
  afterAll(() => told?.stop());
  const read = (of = windows) => told.backEnd.read({ service, metric: told.metric, versions, windows: of });

  it('counts what was served, version by version and minute by minute', async () => {
    const readings = await read();
    for (const [index, version] of versions.entries()) {
      const counted = windows.map(
        (until) => readings[index]?.minutes.get(until) ?? { requests: 0, events: 0 },
      );
      expect(counted).toEqual(windows.map((until) => servedIn(until, version)));
    }
    expect(readings.map(({ isPartial }) => isPartial)).toEqual([false, false]);
  });

  it('R17 R18 counts no errors where there were none, and has nothing to tell where nobody asked', async () => {
    const [candidate] = await read();
    expect(candidate?.minutes.get(minuteEnd(5))).toMatchObject({ requests: 30, events: 0 });
    expect(candidate?.minutes.get(minuteEnd(3))?.requests ?? 0).toBe(0);
  });

  it('tells of one minute what it tells of it among others', async () => {
    const [all, one] = [await read(), await read(windows.slice(3, 4))];
    const minute = minuteEnd(4);
    expect(one.map(({ minutes }) => minutes.get(minute))).toEqual(
      all.map(({ minutes }) => minutes.get(minute)),
    );
  });

  it('throws where it does not answer, and makes up no counts', async () => {
    await told.breakDown();
    await expect(read()).rejects.toThrow();
  });
}
