import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';

/** A service of the caller's own account; undefined where none is. Throws what the SDK throws. */
export async function describeOwnService(
  client: ECSClient,
  { cluster, name }: { readonly cluster: string; readonly name: string },
): Promise<Service | undefined> {
  const command = new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] });
  const { services = [] } = await client.send(command);
  return services[0];
}
