import type { ItemKey } from './event-table';

/**
 * Dictionary 1: what notifications and events are likely to say, so that deflate can point at it
 * instead of storing it; what is likeliest comes last, where pointing is cheapest. The key of the
 * item stands at the very end: its notification repeats the account, region, cluster and service.
 * NEVER CHANGE THIS FILE: a body can only be read with the dictionary it was written with. Better
 * texts go into a new dictionary. The test "golden item" guards it.
 */
export function dictionary1(key: ItemKey): Buffer {
  return Buffer.from(fixedTexts + textsOfKey(key), 'utf8');
}

/**
 * Splits the key by itself: were it left to a parser elsewhere, a change there would make bodies
 * unreadable.
 */
function textsOfKey({ service, position }: ItemKey): string {
  const [, partition, , region, account, resource = ''] = service.split(':');
  const [, cluster, name] = resource.split('/');
  const border = position.indexOf('#');
  const occurredAt = new Date(Number(position.slice(0, border))).toISOString();
  const ecs = `arn:${partition}:ecs:${region}:${account}`;
  return [
    `"detail":{"eventType":"INFO","clusterArn":"${ecs}:cluster/${cluster}","createdAt":"${occurredAt}"}}`,
    `"requestParameters":{"service":"${name}","cluster":"${cluster}","taskDefinition":"${name}:`,
    `"image":"${account}.dkr.ecr.${region}.amazonaws.com/${name}","reason":"Essential container in task exited"`,
    `"availabilityZone":"${region}a","privateDnsName","value":"ip-10-0-.${region}.compute.internal"`,
    `"containerArn":"${ecs}:container/${cluster}/","name":"${name}","group":"service:${name}","taskArn":"`,
    `"taskDefinitionArn":"${ecs}:task-definition/${name}:","updatedAt":"${occurredAt}","version":`,
    `"taskDefinition":"${ecs}:task-definition/${name}:`,
    `{"version":"0","id":"${position.slice(border + 1)}","detail-type":"ECS Task State Change","source":"aws.ecs",`,
    `"account":"${account}","time":"${occurredAt.slice(0, 19)}Z","region":"${region}","resources":["${service}"],`,
    `"resources":["${ecs}:task/${cluster}/`,
  ].join('');
}

const fixedTexts = [
  // Alarms.
  '"detail-type":"CloudWatch Alarm State Change","source":"aws.cloudwatch","resources":["arn:aws:cloudwatch:',
  ':alarm:"],"detail":{"alarmName":"","state":{"value":"ALARM","reason":"Threshold Crossed: 1 out of the last 1 ',
  'datapoints [ ( /20 :00:00)] was greater than the threshold (.0) (minimum 1 datapoint for OK -> ALARM transition).",',
  '"reasonData":"{\\"version\\":\\"1.0\\",\\"queryDate\\":\\"T+0000\\",\\"startDate\\":\\"\\",\\"unit\\":\\"Count\\",',
  '\\"statistic\\":\\"Average\\",\\"period\\":60,\\"recentDatapoints\\":[.0],\\"threshold\\":.0,\\"evaluatedDatapoints\\":',
  '[{\\"timestamp\\":\\"\\",\\"sampleCount\\":1.0,\\"value\\":.0}]}","timestamp":"+0000"},"previousState":{"value":"OK",',
  '"reason":"Unchecked: Initial alarm creation","value":"INSUFFICIENT_DATA"},"configuration":{"description":"","metrics":',
  '[{"id":"","metricStat":{"metric":{"namespace":"AWS/ApplicationELB","name":"HTTPCode_Target_5XX_Count","dimensions":{',
  '"LoadBalancer":"app/","TargetGroup":"targetgroup/"}},"period":60,"stat":"Sum"},"returnData":true}]}}}',
  '"alarmRule":"ALARM(","actionsSuppressor":"","evaluationState":"PARTIAL_DATA",',
  // Calls to the API, by CloudTrail.
  '"detail-type":"AWS API Call via CloudTrail","resources":[],"detail":{"eventVersion":"1.11","userIdentity":{"type":',
  '"AssumedRole","principalId":"AROA:","arn":"arn:aws:sts:::assumed-role//","accountId":"","accessKeyId":"ASIA",',
  '"sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA","arn":"arn:aws:iam:::role/","accountId":"",',
  '"userName":""},"attributes":{"creationDate":"","mfaAuthenticated":"false"}},"invokedBy":"cloudformation.amazonaws.com"},',
  '"eventTime":"","eventSource":"ecs.amazonaws.com","eventName":"CreateService","eventName":"DeleteService","eventName":',
  '"UpdateService","awsRegion":"","sourceIPAddress":"","userAgent":"aws-cli/2","requestParameters":{"cluster":"",',
  '"service":"","taskDefinition":"","desiredCount":2,"forceNewDeployment":false,"serviceName":"","loadBalancers":[{',
  '"targetGroupArn":"arn:aws:elasticloadbalancing:","containerPort":80}],"networkConfiguration":{"awsvpcConfiguration":{',
  '"subnets":["subnet-"],"securityGroups":["sg-"],"assignPublicIp":"DISABLED"}},"healthCheckGracePeriodSeconds":0},',
  '"responseElements":{"service":{"serviceArn":"","serviceName":"","clusterArn":"","serviceRegistries":[],"status":"ACTIVE",',
  '"runningCount":0,"pendingCount":0,"platformVersion":"LATEST","platformFamily":"Linux","deploymentConfiguration":{',
  '"deploymentCircuitBreaker":{"enable":true,"rollback":true},"maximumPercent":200,"minimumHealthyPercent":100},',
  '"deployments":[{"id":"ecs-svc/","status":"PRIMARY","status":"ACTIVE","taskDefinition":"","failedTasks":0,"rolloutState":',
  '"IN_PROGRESS","rolloutStateReason":"ECS deployment ecs-svc/ in progress.","rolloutState":"COMPLETED"}],"roleArn":"",',
  '"events":[],"placementConstraints":[],"placementStrategy":[],"schedulingStrategy":"REPLICA","deploymentController":{"type":',
  '"ECS"},"createdBy":"","enableECSManagedTags":true,"propagateTags":"NONE","enableExecuteCommand":false}},"requestID":"",',
  '"eventID":"","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"","eventCategory":',
  '"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":',
  '"ecs..amazonaws.com"},"sessionCredentialFromConsole":"true"}}',
  // Services and deployments.
  '"detail-type":"ECS Service Action","detail":{"eventType":"WARN","eventName":"SERVICE_TASK_START_IMPAIRED","eventType":',
  '"ERROR","eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventName":"SERVICE_TASK_CONFIGURATION_FAILURE","eventName":',
  '"ECS_OPERATION_THROTTLED","eventName":"SERVICE_HEALTH_UNKNOWN","eventName":"SERVICE_STEADY_STATE","eventName":',
  '"TASKS_STOPPED","capacityProviderArns":["arn:aws:ecs:::capacity-provider/FARGATE_SPOT"],"reason":"RESOURCE:FARGATE",',
  '"RESOURCE:CPU","RESOURCE:MEMORY","containerInstanceArns":["targetGroupArns":["desiredCount":0,"taskArns":["',
  '"detail-type":"ECS Deployment State Change","detail":{"eventType":"ERROR","eventName":"SERVICE_DEPLOYMENT_FAILED",',
  '"deploymentId":"ecs-svc/","updatedAt":"","reason":"ECS deployment circuit breaker: tasks failed to start."}}',
  '"reason":"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/."}}"reason":"deployment failed: alarm detected."',
  '"eventType":"INFO","eventName":"SERVICE_DEPLOYMENT_COMPLETED","reason":"ECS deployment ecs-svc/ completed."}}',
  '"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS","deploymentId":"ecs-svc/","reason":"ECS deployment ecs-svc/ in progress."}}',
  // What Rewind decides.
  '"madeWith":{"reducerVersion":1,"policyVersion":"","eventsSeen":},"desiredCount":2,"deploymentConfiguration":null,',
  '"policy":{"mode":"observe","mode":"enforce","failurePercent":10,"minimumFailures":2,"deadlineSeconds":3600,',
  '"bakeSeconds":300,"alarms":[],"rollbackBudget":3},"rollbackOf":null,"stable":"arn:aws:ecs:',
  '"verdict":{"result":"passed","reason":"BakePassed","result":"inconclusive","result":"failed","reason":"TaskFailures",',
  '"message":" of the tasks failed","at":,"eventId":"","attempt":1,"owner":"","requestedAt":,"leaseUntil":,"target":"',
  '"method":"StopServiceDeployment","method":"UpdateService","issuedAt":,"rollbackDeployment":null,"requestId":null,',
  '"rejectedAt":,"adoptedAt":,"by":"ecs","by":"operator","by":"rewind","outcome":"succeeded","outcome":"rolledBack",',
  '"outcome":"superseded","reason":"NativeFailure","reason":"AlarmRaised","reason":"DeadlineElapsed","reason":"Superseded",',
  '"reason":"RollbackSettled","reason":"Completed","isRollback":false}"isRollback":true}"alarm":"","alarmName":"","state":',
  '"previousState":"","by":null,"eventName":"","reason":null,"deployment":"ecs-svc/","startedAt":17',
  // Tasks: why they stop.
  'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/',
  ': not found"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ',
  'unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ',
  'OutOfMemoryError: Container killed due to memory usage"Host EC2 (instance i-) terminated."Task stopped by user"',
  'Your Spot Task was interrupted."stopCode":"SpotInterruption"Timeout waiting for network interface provisioning to complete.',
  'ECS is performing maintenance on the underlying infrastructure hosting the task"stopCode":"UserInitiated"',
  'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing::targetgroup/)"',
  '"stoppedReason":"Task failed container health checks","stopCode":"TaskFailedToStart","stopCode":"ServiceSchedulerInitiated",',
  '"stoppedReason":"Scaling activity initiated by (deployment ecs-svc/)","stopCode":"EssentialContainerExited",',
  // Tasks: the event, then the notification.
  '{"task":"arn:aws:ecs:","version":1,"deployment":"ecs-svc/","taskDefinition":"arn:aws:ecs:","lastStatus":"RUNNING",',
  '"createdAt":17,"startedAt":null,"stopped":null}"lastStatus":"STOPPED","stopped":{"stopCode":"EssentialContainerExited",',
  '"stoppedReason":"Essential container in task exited","containers":[{"name":"app","exitCode":1,"reason":null}]}}',
  '"],"detail":{"attachments":[{"id":"","type":"sdi","status":"ATTACHED","details":[]},{"id":"","type":"elb","type":"eni",',
  '"status":"PRECREATED","status":"ATTACHING","status":"DELETED","status":"ATTACHED","details":[{"name":"subnetId","value":',
  '"subnet-0"},{"name":"networkInterfaceId","value":"eni-0"},{"name":"macAddress","value":"0e:"},{"name":"privateDnsName",',
  '"value":"ip-10-0-.ec2.internal"},{"name":"privateIPv4Address","value":"10.0."}]}],"attributes":[{"name":',
  '"ecs.cpu-architecture","value":"arm64"},{"name":"ecs.cpu-architecture","value":"x86_64"}],"availabilityZone":"",',
  '"capacityProviderName":"FARGATE_SPOT","capacityProviderName":"FARGATE","clusterArn":"arn:aws:ecs:","connectivity":',
  '"DISCONNECTED","connectivity":"CONNECTED","connectivityAt":"","containerInstanceArn":"","containers":[{"containerArn":',
  '"arn:aws:ecs:","exitCode":137,"exitCode":0,"exitCode":1,"lastStatus":"PENDING","lastStatus":"STOPPED","lastStatus":',
  '"RUNNING","name":"app","image":".dkr.ecr..amazonaws.com/","imageDigest":"sha256:","runtimeId":"","taskArn":"",',
  '"networkBindings":[],"networkInterfaces":[{"attachmentId":"","privateIpv4Address":"10.0."}],"cpu":"0","memory":"512",',
  '"memoryReservation":"256","managedAgents":[{"name":"ExecuteCommandAgent","status":"STOPPED"}],"reason":"","healthStatus":',
  '"UNKNOWN"}],"cpu":"1024","cpu":"512","cpu":"256","createdAt":"","desiredStatus":"STOPPED","desiredStatus":"RUNNING",',
  '"enableExecuteCommand":true,"enableExecuteCommand":false,"ephemeralStorage":{"sizeInGiB":20},"executionStoppedAt":"",',
  '"group":"service:","launchType":"EC2","launchType":"FARGATE","lastStatus":"PROVISIONING","lastStatus":"ACTIVATING",',
  '"lastStatus":"DEACTIVATING","lastStatus":"STOPPING","lastStatus":"DEPROVISIONING","lastStatus":"PENDING",',
  '"lastStatus":"STOPPED","lastStatus":"RUNNING","memory":"2048","memory":"1024","memory":"512","overrides":{',
  '"containerOverrides":[{"name":"app"}]},"platformVersion":"1.4.0","pullStartedAt":"","pullStoppedAt":"","startedAt":"",',
  '"startedBy":"ecs-svc/","stoppingAt":"","stoppedAt":"","stoppedReason":"Essential container in task exited","stopCode":',
  '"EssentialContainerExited","taskArn":"arn:aws:ecs:","taskDefinitionArn":"arn:aws:ecs:","updatedAt":"","version":5}}',
].join('');
