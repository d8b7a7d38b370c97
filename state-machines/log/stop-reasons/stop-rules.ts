import { anyOf } from './reason-layers';

/** All that a rule names must hold. Its patterns are tested on every layer of a reason. */
interface StopRule<Class extends string> {
  readonly taskClass: Class;
  readonly stopCode?: string;
  /** Tested against stoppedReason: what the scheduler or a person says of the task as a whole. */
  readonly stoppedReason?: RegExp;
  /** Tested against stoppedReason, or, where it names no cause, against what the containers say. */
  readonly anyReason?: RegExp;
  /** Whether a container ended by itself, which is why the task ended. */
  readonly ended?: true;
  /** It names a class for want of more: a later notification of the task may tell the cause. */
  readonly isLastResort?: true;
}

/** A text that ECS gives a task which stopped because one of its containers did. */
export const essentialContainerExited = /^essential container (in task )?exited/;

/** The agent's text for a container that waited for another one, which failed. */
export const failedDependency = /^cannotstartcontainererror: dependency graph/;

/** How EC2 and Fargate name what they have not got, or what the account may not have. */
const refusalsOfEc2 =
  /\b(insufficient(instance|host|reservedinstance|address|volume)?capacity(onhost)?|insufficientfreeaddressesinsubnet|unfulfillablecapacity|reservationcapacityexceeded|spotmaxpricetoolow|(vcpu|instance|host|networkinterface|privateipaddress|attachment|volume|request)limitexceeded|(maxspotinstance|maxspotfleetrequest|maxfleet)countexceeded)\b/;

/**
 * First match wins: who stopped the task, then what ECS found wrong with it, then the stop code
 * alone. Most texts are anchored, since people write the names of errors into their own. A refusal
 * of capacity is one however it is wrapped; otherwise the category of an error decides, not its
 * distant cause: a secret that could not be read because of throttling is `configuration`, as ECS
 * files it, and a pull that timed out `image-pull`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html and the
 * pages it links, service-event-messages-list.html, api_failures_messages.html, and the errors of
 * the agent (github.com/aws/amazon-ecs-agent); test/state-machines/log/stopped-tasks holds a
 * labelled sample of each.
 */
export const stopRules = rules([
  { taskClass: 'intended', stopCode: 'UserInitiated' },
  { taskClass: 'intended', stoppedReason: /^scaling activity initiated by/ },
  { taskClass: 'platform', stopCode: 'SpotInterruption' },
  { taskClass: 'platform', stopCode: 'TerminationNotice' },
  { taskClass: 'platform', stopCode: 'InfrastructureHealth' },
  {
    taskClass: 'intended',
    stoppedReason: anyOf(
      /^(task )?(was )?stopped by (a )?user/,
      /^(service )?(deployment|task ?set) .*(rolled back|deleted)/,
      /^service (\S+ )?(was )?deleted/,
      /availability zone rebalanc/,
    ),
  },
  {
    taskClass: 'container-health-check',
    stoppedReason: /^(task )?failed container health checks/,
  },
  {
    taskClass: 'load-balancer-health-check',
    stoppedReason: anyOf(
      /^(task )?failed (elb|load balancer|target group|vpc lattice) health checks/,
      /is (unhealthy|not healthy) in \(?(target-group|elb|vpc lattice)/,
    ),
  },
  {
    taskClass: 'platform',
    stoppedReason: anyOf(
      /^(your )?spot (task|instance)/,
      /^spotinterruption/,
      /^host ec2/,
      /^container instance .*(draining|deregist|terminated)/,
      /^task stopped during instance draining/,
      /performing maintenance on the underlying/,
      /task retirement/,
      /scheduled for retirement/,
      /^(agent|inactive|missing)$/,
      /agent (is |was |that's )?(currently )?(disconnected|not connected)/,
      /^timed out waiting for amazon ecs agent/,
    ),
  },
  {
    taskClass: 'platform',
    anyReason: anyOf(
      /^internal ?error\b/,
      /^internal(server(error)?|service)(error|exception)\b/,
      /^(server|serviceunavailable|throttling)exception\b/,
      /^taskstateerror/,
      /^cgroup(v2)? (resource|create|init)/,
    ),
  },
  {
    taskClass: 'out-of-memory',
    anyReason: anyOf(/^out ?of ?memory/, /container killed due to memory usage/, /oom-?killed/),
  },
  {
    taskClass: 'capacity',
    anyReason: anyOf(
      refusalsOfEc2,
      /^(limit|servicequota)exceededexception/,
      /^max spot instance count exceeded/,
      /requested more .* than your current .*limit/,
      /\bno (spot|fargate|on-demand|ec2) capacity/,
      /not (have )?(sufficient|enough) .*capacity/,
      /\bcapacity provider\b/,
      /^the closest matching \(?container-instance/,
      /^no container instances? (met|were found)/,
      /^no instance types satisfy/,
      /^resource:/,
      /^(attribute|port|location)$/,
      /^memberof/,
      /^(no active instances|empty capacity provider)/,
      /insufficient ?(capacity|cpu|memory|free)/,
      /^capacity (is )?unavailable/,
      /^capacityprovider/,
      /^(unable|failed) to (launch|start|provision|register) (an? )?(managed )?instance/,
      /^you('ve| have) reached the limit/,
      /^the requested .* configuration is above your limit/,
      /^(tasks )?provisioning capacity limit was exceeded/,
      /already using a port/,
      /timeout waiting for .* provisioning/,
      /^network interface provision/,
      /^unexpected ec2 error while attempting/,
      /error while attempting to .* network interface/,
      /unable to attach network interface/,
      /failed to configure eni/,
    ),
  },
  {
    taskClass: 'image-pull',
    anyReason: anyOf(
      /^cannotpull/,
      /^the task can(not|'t) pull (the image|['"])/,
      /^(pull image manifest|ref pull|inspect image) has been retried/,
      /^pull access denied/,
      /^(failed|unable) to pull (the )?(image|container)/,
    ),
  },
  // Prepared, and refused by the container runtime: the category around it is not the cause.
  { taskClass: 'start-failed', anyReason: /^failed to create (new container runtime task|shim)/ },
  {
    taskClass: 'configuration',
    anyReason: anyOf(
      /^resource(initializationerror|notfoundexception)/,
      /^accessdenied(exception)?\b/,
      /^cannot(create|inspect)volumeerror/,
      /^invalidvolumeerror/,
      /^unable to (pull secrets|retrieve (secret|ecr registry auth)|download env file)/,
      /^the task can(not|'t) (pull|retrieve|find|get) /,
      /^fetching secret data/,
      /unable to find execution role credentials/,
      /unable to assume the /,
      /failed to (initialize logging driver|validate logger args|create cloudwatch log|download env files|invoke efs utils)/,
      /error while mounting volume/,
      /^ecs (failed to|was unable to|timed out while) (create|creating|attach|attaching|configur\w+|set up|setting up).* volume/,
    ),
  },
  {
    taskClass: 'start-failed',
    anyReason: anyOf(
      /^cannot(start|create)container/,
      /^(docker|containerruntime)timeouterror: could not transition to (?!stopped)/,
      /^containerruntimeerror/,
      /^dockerstateerror/,
      /^(host|dockerclient)configerror/,
      /^taskdependencyerror/,
    ),
  },
  { taskClass: 'essential-container-exited', stopCode: 'EssentialContainerExited', ended: true },
  { taskClass: 'essential-container-exited', stoppedReason: essentialContainerExited, ended: true },
  {
    taskClass: 'platform',
    anyReason: anyOf(
      /^cannot(stop|inspect|describe|remove|list)containers?error/,
      /^cannotgetdockerclient/,
      /timeouterror: could not transition to stopped/,
      /^(containervanished|nosuchcontainer|impossiblestatetransition)error/,
      /^(networknamespace|containernetworking|eniinformation)error/,
    ),
  },
  // It was told to stop before its images were asked for, and nobody says that anything went wrong.
  { taskClass: 'intended', anyReason: /^taskstoppedbeforepullbeginerror/ },
  { taskClass: 'essential-container-exited', stopCode: 'EssentialContainerExited', isLastResort: true },
  {
    taskClass: 'essential-container-exited',
    stoppedReason: essentialContainerExited,
    isLastResort: true,
  },
  { taskClass: 'start-failed', stopCode: 'TaskFailedToStart', isLastResort: true },
  { taskClass: 'start-failed', stoppedReason: /^task failed to start/, isLastResort: true },
]);

/** Keeps the names of the classes in the type, so that a misspelt one is found by the compiler. */
function rules<const Class extends string>(of: readonly StopRule<Class>[]): readonly StopRule<Class>[] {
  return of;
}
