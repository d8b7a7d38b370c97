import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { announcementSchemas } from '../../../infra/docs/generate';
import { deployedRules } from '../../../infra/local/aws/bus/bus';
import { matchesEventPattern } from '../../../infra/local/aws/bus/event-patterns';
import { everySchema } from '../../../services/announcer/announcement-schema';
import { eventSource } from '../../../services/aws/event-bus';
import { translate } from '../../../services/notifications/translate';

const folder = new URL('../../../docs/schemas/', import.meta.url);
const detailTypes = Object.keys(everySchema);

describe('the JSON schemas in docs', () => {
  it('are those that announcements are held to', () => {
    for (const { file, text } of announcementSchemas()) {
      expect(readFileSync(new URL(file, folder), 'utf8'), `${file} is stale: run \`npm run docs\``).toBe(
        text,
      );
    }
    expect(readdirSync(folder).toSorted()).toEqual(
      announcementSchemas()
        .map(({ file }) => file)
        .toSorted(),
    );
  });

  it('stand beside a page that names every detail type', () => {
    const page = readFileSync(new URL('../announcements.md', folder), 'utf8');
    expect(detailTypes.filter((detailType) => !page.includes(`\`${detailType}\``))).toEqual([]);
  });
});

describe('what Rewind puts on the bus', () => {
  const envelopes = detailTypes.map((detailType) => ({
    version: '0',
    id: '7f1c44c2-9a0d-3b6e-52d1-c0ab6f7e9d13',
    'detail-type': detailType,
    source: eventSource,
    account: '123456789012',
    time: '2026-01-01T00:00:00Z',
    region: 'eu-west-1',
    resources: ['arn:aws:ecs:eu-west-1:123456789012:service/prod/web'],
    detail: {},
  }));

  it('is matched by none of the rules that Rewind listens by', () => {
    const rules = deployedRules();
    const heard = envelopes.filter((envelope) =>
      rules.some(({ pattern }) => matchesEventPattern(pattern, envelope)),
    );
    expect(heard).toEqual([]);
  });

  it('is ignored by ingest, even where somebody routes it there', () => {
    expect(envelopes.map((envelope) => translate(envelope).kind)).toEqual(envelopes.map(() => 'ignored'));
  });
});
