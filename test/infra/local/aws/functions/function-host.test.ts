import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadFunction } from '../../../../../infra/local/aws/functions/function-host';

const folder = fileURLToPath(new URL('hosted', import.meta.url));

describe('a hosted function', () => {
  it('is the handler that serverless.yml names, loaded with its environment', async () => {
    const ingest = await loadFunction({ name: 'ingest', environment: { REWIND_TABLE: 'first' }, folder });
    const again = await loadFunction({ name: 'ingest', environment: { REWIND_TABLE: 'second' }, folder });
    expect(await ingest.invoke({})).toEqual({ table: 'first', functionName: 'ingest', hasTime: true });
    expect(await again.invoke({})).toEqual({ table: 'second', functionName: 'ingest', hasTime: true });
  });

  it('is stopped when its invocations have ended', async () => {
    const ingest = await loadFunction({ name: 'ingest', environment: {}, folder });
    let goOn = () => {};
    const delay = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const answer = ingest.invoke({ delay });
    let isStopped = false;
    const stopped = ingest.stop().then(() => {
      isStopped = true;
    });
    await setImmediate();
    expect(isStopped).toBe(false);
    goOn();
    await stopped;
    expect(await answer).toMatchObject({ functionName: 'ingest' });
    await expect(ingest.invoke({})).rejects.toThrow('ingest is stopped');
  });

  it('must be declared', async () => {
    await expect(loadFunction({ name: 'nobody', environment: {}, folder })).rejects.toThrow('"nobody"');
  });
});
