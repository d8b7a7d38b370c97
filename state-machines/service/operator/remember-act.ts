import type { TaskDefinitionArn } from '../../log/identifiers';
import type { OperatorActed } from '../../log/observed-events';
import { rememberFailed, type ServiceMemory } from '../service-memory';
import { freezeBy } from './freeze';
import { pausedBy } from './pause';

const actsKept = 5;

/** What the service's memory is after an act. */
export function rememberAct(memory: ServiceMemory, event: OperatorActed): ServiceMemory {
  const { type: _type, service: _service, id, occurredAt, ...act } = event;
  const acts = [{ id, at: occurredAt, ...act }, ...(memory.acts ?? [])].slice(0, actsKept);
  return { ...afterAction(memory, event), acts };
}

function afterAction(memory: ServiceMemory, event: OperatorActed): ServiceMemory {
  const { action, taskDefinition, target } = event;
  switch (action) {
    case 'rollback':
    case 'abort':
      return event.isLeftAsBad && taskDefinition !== undefined ? condemned(memory, taskDefinition) : memory;
    case 'condemn':
      return taskDefinition === undefined ? memory : condemned(memory, taskDefinition);
    case 'forgive':
      return taskDefinition === undefined ? memory : forgiven(memory, taskDefinition);
    case 'retry':
      return target === undefined ? memory : forgiven(memory, target);
    case 'freeze':
      return { ...memory, freeze: freezeBy(event) };
    case 'unfreeze': {
      const { freeze: _lifted, ...others } = memory;
      // A spent budget freezes a service too.
      return { ...others, rollbacksIssuedAt: [] };
    }
    case 'pause':
      return pausedBy(memory, event);
    case 'resume': {
      const { pause: _lifted, ...others } = memory;
      return others;
    }
    case 'stop': {
      const { by, reason, occurredAt: since } = event;
      return { ...memory, stop: { by, reason, since } };
    }
    case 'start': {
      const { stop: _lifted, ...others } = memory;
      return others;
    }
    case 'deploy':
    case 'promote':
    case 'gate':
      return memory;
    default:
      return action satisfies never;
  }
}

/** Whoever condemns a revision means every rollout of it. */
function condemned(memory: ServiceMemory, taskDefinition: TaskDefinitionArn): ServiceMemory {
  const failed = rememberFailed(memory, { taskDefinition, deployment: null });
  return { ...failed, proven: failed.proven.filter((other) => other.taskDefinition !== taskDefinition) };
}

function forgiven(memory: ServiceMemory, taskDefinition: TaskDefinitionArn): ServiceMemory {
  return { ...memory, failed: memory.failed.filter((other) => other.taskDefinition !== taskDefinition) };
}
