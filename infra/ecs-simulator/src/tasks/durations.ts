/**
 * How long things take, in seconds: [least, most], evenly distributed. The steps of a task are
 * those of real Fargate notifications (created to RUNNING in 15 to 55 s, a crash to STOPPED in 13
 * to 40 s); their README entry says what they were held against.
 */
export const durations = {
  steps: {
    provisioning: [8, 14],
    pending: [2, 4],
    pulling: [4, 12],
    failingToPull: [20, 40],
    failingToInitialize: [5, 15],
    // A time-out of the connection to the registry, with ECS's own retries.
    failingToAuthenticate: [170, 230],
    activating: [1, 3],
    noticingExit: [4, 8],
    deactivating: [0.2, 1],
    stopping: [0.5, 2],
    /** The deregistration delay that a target group has by default, for which ECS waits. */
    draining: [300, 305],
    terminating: [1, 5],
    detaching: [1, 3],
    deprovisioning: [8, 14],
  },
  /** From a change in a service to the scheduler's next look at it. */
  pass: [2, 5],
  /** From a call that starts, stops or replaces a service deployment to its taking effect. */
  serviceDeployment: [1, 3],
  /**
   * How often ECS asks for the state of alarms:
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  alarmPoll: [1, 15],
  /** From one try to find capacity to the next. */
  placementRetry: [55, 65],
  /** For which traffic moves from one target group to another. */
  trafficShift: [5, 15],
  /**
   * What a Network Load Balancer adds to each shift:
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
   */
  networkLoadBalancerShift: 600,
  /**
   * "Stopped tasks stay for at least an hour":
   * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
   */
  keptAfterStop: 3600,
  /** A steady service says so again, without any deployment. */
  steadyStateRepetition: 6 * 3600,
} as const satisfies Record<string, unknown>;

/** The step in which a task fails to start. */
export const failingSteps = {
  pulling: 'failingToPull',
  initializing: 'failingToInitialize',
  authenticating: 'failingToAuthenticate',
} as const;
