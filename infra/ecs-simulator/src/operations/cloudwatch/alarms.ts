import { z } from 'zod';
import { addTags, read, write } from '../../api/operation';
import { cutPage } from '../../api/paging';
import { type Alarm, alarmStates } from '../../cloudwatch/alarm';
import { parseCompositeRule } from '../../cloudwatch/composite-rule';
import { alarmArn } from '../../foundation/arn';
import { EcsError } from '../../foundation/ecs-error';
import { epochSeconds, type World } from '../../model/world';
import { actionFields, alarmSchema, ruleOf, settingsOf } from './alarm-parameters';
import { understood } from './metrics';

const types = ['MetricAlarm', 'CompositeAlarm'] as const;
const tagsField = { Tags: z.array(z.object({ Key: z.string().min(1), Value: z.string() })).optional() };

/** The operations of Amazon CloudWatch on alarms. */
export const alarmOperations = {
  PutMetricAlarm: write(alarmSchema.extend(tagsField), ({ world, input: { Tags, ...input } }) => {
    const condition = { kind: 'metric', rule: ruleOf(input) } as const;
    return put(world, { condition, settings: settingsOf(input), tags: Tags, name: input.AlarmName });
  }),

  PutCompositeAlarm: write(
    z.looseObject({
      AlarmName: z.string().min(1).max(255),
      AlarmRule: z.string().min(1).max(10_240),
      ...actionFields,
      ...tagsField,
    }),
    ({ world, input: { Tags, ...settings } }) => {
      const rule = understood(() => parseCompositeRule(settings.AlarmRule));
      const { AlarmName: name } = settings;
      return put(world, { condition: { kind: 'composite', rule }, settings, tags: Tags, name });
    },
  ),

  DeleteAlarms: write(
    z.looseObject({ AlarmNames: z.array(z.string()).max(100) }),
    ({ world, input: { AlarmNames: names } }) => {
      for (const name of names) requireAlarm(world, name);
      for (const name of names) {
        world.alarms.delete(name);
        world.tags.delete(alarmArn(world, name));
      }
      return { output: {}, hadEffect: names.length > 0 };
    },
  ),

  SetAlarmState: write(
    z.looseObject({
      AlarmName: z.string().min(1),
      StateValue: z.enum(alarmStates),
      StateReason: z.string().max(1023),
      StateReasonData: z.string().optional(),
    }),
    ({ world, input }) => {
      const { StateValue: value, StateReason: reason, StateReasonData: reasonData = null } = input;
      requireAlarm(world, input.AlarmName);
      world.alarms.setState(input.AlarmName, { value, reason, reasonData });
      return { output: {} };
    },
  ),

  DescribeAlarms: read(
    z.looseObject({
      AlarmNames: z.array(z.string()).max(100).optional(),
      AlarmNamePrefix: z.string().optional(),
      // Composite alarms are left out unless they are asked for.
      AlarmTypes: z.array(z.enum(types)).default(['MetricAlarm']),
      StateValue: z.enum(alarmStates).optional(),
      MaxRecords: z.number().int().min(1).max(100).optional(),
      NextToken: z.string().optional(),
    }),
    ({ world, input }) => {
      const { AlarmNames: names = [], AlarmNamePrefix: prefix = '', StateValue: state } = input;
      const alarms = alarmsNamed(world, names)
        .filter(({ name }) => name.startsWith(prefix))
        .filter((alarm) => input.AlarmTypes.includes(typeOf(alarm)))
        .filter((alarm) => state === undefined || alarm.state.value === state);
      const paging = { maxResults: input.MaxRecords, nextToken: input.NextToken };
      const { items, nextToken } = cutPage(alarms, paging, 50);
      const ofType = (type: (typeof types)[number]) => items.filter((alarm) => typeOf(alarm) === type);
      return {
        MetricAlarms: ofType('MetricAlarm').map(alarmView),
        CompositeAlarms: ofType('CompositeAlarm').map(alarmView),
        NextToken: nextToken,
      };
    },
  ),
};

/** Tags are for a new alarm only: an existing one keeps those that it has. */
function put(
  world: World,
  alarm: Pick<Alarm, 'name' | 'condition' | 'settings'> & {
    tags: readonly { Key: string; Value: string }[] | undefined;
  },
) {
  const { name, condition, settings, tags } = alarm;
  const arn = alarmArn(world, name);
  if (world.alarms.stateOf(name) === null) {
    const added = tags?.map(({ Key: key, Value: value }) => ({ key, value }));
    addTags(world, arn, added);
  }
  world.alarms.put({ name, arn, condition, settings });
  return { output: {}, resource: arn };
}

function requireAlarm(world: World, name: string): void {
  if (world.alarms.stateOf(name) !== null) return;
  throw new EcsError('ResourceNotFound', 'The named resource does not exist.');
}

/** All of them, where none is named. */
function alarmsNamed(world: World, names: readonly string[]): Alarm[] {
  const named = [...new Set(names)].map((name) => world.alarms.find(name)).filter((alarm) => alarm !== null);
  const alarms = names.length === 0 ? [...world.alarms.list()] : named;
  return alarms.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function typeOf({ condition }: Alarm): (typeof types)[number] {
  return condition.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm';
}

function alarmView({ arn, settings, configuredAt, state }: Alarm) {
  return {
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: epochSeconds(configuredAt),
    ...settings,
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData ?? undefined,
    StateUpdatedTimestamp: epochSeconds(state.at),
    StateTransitionedTimestamp: epochSeconds(state.at),
  };
}
