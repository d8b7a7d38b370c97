import type * as Plot from '@observablehq/plot';
import { failureClasses, otherClasses, type TaskClass } from '../../../../../state-machines/log/stopped-task';
import { sign } from '../elements/sign';

/**
 * Every class has a colour and a shape of its own: neither alone has to be seen to tell two apart.
 */
const symbols: { readonly [taskClass in TaskClass]: Plot.SymbolType } = {
  'container-health-check': 'circle',
  'load-balancer-health-check': 'square',
  'essential-container-exited': 'times',
  'out-of-memory': 'diamond2',
  'image-pull': 'triangle',
  configuration: 'star',
  'start-failed': 'wye',
  capacity: 'square2',
  platform: 'hexagon',
  intended: 'plus',
  unclassified: 'asterisk',
};

export const taskClasses: readonly TaskClass[] = [...failureClasses, ...otherClasses];

interface ClassMark {
  readonly taskClass: TaskClass;
}

/** How a mark of Plot shows classes. The scales are `identity`: no legend of Plot's own. */
export const classChannels = {
  symbol: ({ taskClass }: ClassMark) => symbols[taskClass],
  stroke: ({ taskClass }: ClassMark) => colourOf(taskClass),
};

/** The sign of a class, as it stands in the figures. */
export function classSign(taskClass: TaskClass): Element {
  return sign(symbols[taskClass], colourOf(taskClass));
}

export function colourOf(taskClass: TaskClass): string {
  return `var(--class-${taskClass})`;
}
