import { describe, expect, it } from 'vitest';
import type { EventLog } from '../../../services/event-log/event-log';
import type { Instant } from '../../../state-machines/log/instant';
import { newService } from './recorded-events';

/** What every implementation of EventLog keeps of the looks of a discovery. */
export function lookContract(eventLog: () => EventLog): void {
  describe('when a place was looked at', () => {
    it('is the place’s own, and what was told last', async () => {
      const home = { account: '123456789012', region: 'eu-central-1' };
      const look = { at: 3_000 as Instant, missed: [newService()] };
      await eventLog().keepLook(home, { at: 2_000 as Instant, missed: [newService(), newService()] });
      await eventLog().keepLook(home, look);
      expect(await eventLog().lastLook(home)).toEqual(look);
      expect(await eventLog().lastLook({ ...home, region: 'us-east-1' })).toBeNull();
    });
  });
}
