import { STSClient } from '@aws-sdk/client-sts';
import { OperatorClients } from '../../../../services/runtime/operator-clients';
import type { EcsSimulator } from '../../../ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../in-process-clients';
import { operatorAccessKey } from './director';

/** What an operator's commands ask of a service in a simulated account, without a wire. */
export class OperatorInProcess extends OperatorClients {
  readonly #clients: ReturnType<typeof inProcessClients>;

  constructor(simulator: EcsSimulator) {
    super({});
    this.#clients = inProcessClients(simulator, operatorAccessKey);
  }

  override ecs() {
    return this.#clients.ecs;
  }

  override async eventBridge() {
    return this.#clients.eventBridge;
  }

  override async sts(): Promise<STSClient> {
    const Arn = `arn:aws:iam::123456789012:user/${operatorAccessKey}`;
    const client: STSClient = Object.create(STSClient.prototype);
    return Object.assign(client, { send: async () => ({ Arn, Account: '123456789012' }) });
  }
}
