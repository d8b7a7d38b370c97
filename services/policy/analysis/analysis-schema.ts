import * as z from 'zod/mini';
import {
  type AnalysisMetric,
  type AnalysisPolicy,
  inconclusiveRules,
  metricPresets,
  noDataRules,
  presetMetrics,
  providedMetric,
  standardAnalysis,
} from '../../../state-machines/log/measuring/analysis-policy';
import { numberFrom, wholeNumberFrom } from '../number-fields';
import { providerSchema, queryProblems } from './provider-schema';

function shareAbove(least: number) {
  const error = `must be a percentage above ${least} and below 100`;
  return z.number({ error }).check(z.gt(least, { error }), z.lt(100, { error }));
}

const flag = z.boolean({ error: 'must be true or false' });

const comparison = z
  .strictObject(
    {
      maxIncreasePercent: numberFrom(0, 10_000),
      unacceptableIncreasePercent: numberFrom(0, 10_000),
    },
    { error: 'must hold maxIncreasePercent and unacceptableIncreasePercent, or be null' },
  )
  .check(
    z.refine(
      ({ maxIncreasePercent, unacceptableIncreasePercent }) =>
        unacceptableIncreasePercent > maxIncreasePercent,
      { error: 'must have a larger unacceptableIncreasePercent than maxIncreasePercent' },
    ),
  );

/** CloudWatch counts in minutes: fewer seconds hold no window. */
const count = z.strictObject(
  { max: wholeNumberFrom(0, 1_000_000), withinSeconds: wholeNumberFrom(60, 86_400) },
  { error: 'must hold max and withinSeconds' },
);

const preset = z.enum(metricPresets, { error: `must be ${metricPresets.join(' or ')}` });

const queryError = 'must be a query of up to 1000 characters';
const query = z.string({ error: queryError }).check(z.maxLength(1000, { error: queryError }));

const writtenMetric = z
  .strictObject(
    {
      name: z.optional(
        z.string({ error: 'must be a name' }).check(
          z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, {
            error: 'must be a name of up to 32 small letters, digits and dashes',
          }),
        ),
      ),
      preset: z.optional(preset),
      provider: z.optional(providerSchema),
      events: z.optional(query),
      total: z.optional(query),
      slowerThanSeconds: z.optional(z.nullable(numberFrom(0.001, 3600))),
      initialDelaySeconds: z.optional(wholeNumberFrom(0, 3600)),
      compare: z.optional(z.nullable(comparison)),
      maxPercent: z.optional(z.nullable(shareAbove(0))),
      count: z.optional(z.nullable(count)),
      dryRun: z.optional(flag),
      onNoData: z.optional(z.enum(noDataRules, { error: `must be ${noDataRules.join(', ')}` })),
    },
    { error: 'must hold preset or provider, and what the metric is held to' },
  )
  .check(
    z.superRefine(({ preset, provider, name, events, total }, context) => {
      const refuse = (message: string, key?: string) =>
        context.addIssue({ code: 'custom', message, path: key === undefined ? [] : [key] });
      if ((preset === undefined) === (provider === undefined))
        return refuse('must hold either preset or provider');
      if (provider === undefined) {
        for (const [key, given] of Object.entries({ events, total })) {
          if (given !== undefined) refuse('is for metrics of a provider only', key);
        }
        return;
      }
      if (name === undefined) refuse('must be given to a metric of a provider', 'name');
      for (const { key, message } of queryProblems({
        provider,
        events: events ?? '',
        total: total ?? '',
      })) {
        refuse(message, key);
      }
    }),
  );

const metric = z
  .pipe(
    writtenMetric,
    z.transform((written): AnalysisMetric => {
      const { preset, provider, name = '', events = '', total = '', ...rest } = written;
      const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      if (provider !== undefined) return { ...providedMetric, ...set, name, provider, events, total };
      const ofPreset = presetMetrics[preset ?? 'target-5xx'];
      return { ...ofPreset, ...set, name: name === '' ? ofPreset.name : name };
    }),
  )
  .check(
    z.superRefine((metric, context) => {
      const { compare, maxPercent, count, slowerThanSeconds, preset } = metric;
      if (compare === null && maxPercent === null && count === null) {
        context.addIssue({ code: 'custom', message: 'must be held to one of compare, maxPercent and count' });
      }
      if (slowerThanSeconds !== null && preset !== 'target-slow') {
        const message = 'is for the preset target-slow only';
        context.addIssue({ code: 'custom', path: ['slowerThanSeconds'], message });
      }
    }),
  );

/** As many as are told apart at a glance, and as fit a window of one write unit. */
const metricsAtMost = 6;

const metrics = z.array(metric, { error: 'must be a list of metrics' }).check(
  z.minLength(1, { error: 'must name at least one metric' }),
  z.maxLength(metricsAtMost, { error: `must name ${metricsAtMost} metrics at most` }),
  z.superRefine((list, context) => {
    for (const [index, { name, slowerThanSeconds, preset }] of list.entries()) {
      if (list.findIndex((other) => other.name === name) < index) {
        const message = `must differ from the names before it: ${name} stands twice`;
        context.addIssue({ code: 'custom', path: [index, 'name'], message });
      }
      const slowest = list.find((other) => other.preset === 'target-slow');
      if (preset === 'target-slow' && slowest?.slowerThanSeconds !== slowerThanSeconds) {
        const message = 'must be the same for all metrics: load balancers are asked for one time only';
        context.addIssue({ code: 'custom', path: [index, 'slowerThanSeconds'], message });
      }
    }
  }),
);

const block = z.pipe(
  z.strictObject(
    {
      lagSeconds: z.optional(wholeNumberFrom(60, 900)),
      falseAlarmPercent: z.optional(shareAbove(0)),
      missRatePercent: z.optional(shareAbove(0)),
      onInconclusive: z.optional(z.enum(inconclusiveRules, { error: 'must be notify, rollback or pass' })),
      metrics: z.optional(metrics),
    },
    { error: 'must be standard, off, or hold what is measured' },
  ),
  z.transform((written): AnalysisPolicy => {
    const set = Object.entries(written).filter(([, value]) => value !== undefined);
    return { ...standardAnalysis, ...Object.fromEntries(set) };
  }),
);

/** `analysis` of a policy file: `standard`, `off`, or what differs from the standard. */
export const analysisSchema: z.ZodMiniType<AnalysisPolicy | null> = z.pipe(
  z.transform((value) => {
    if (value === 'standard') return {};
    return value === 'off' ? null : value;
  }),
  z.nullable(block),
);
