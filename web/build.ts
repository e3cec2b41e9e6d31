// What our build does to two kinds of files before a browser sees them. Runs in Node, at build and test time only.
import { FluentResource } from '@fluent/bundle';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** `import messages from '…/chat.ftl'`: parsed here, so that no face carries a parser or a translator's comment. */
export function fluent(): Plugin {
  return {
    name: 'aside-fluent',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.ftl')) return null;
      const { body } = new FluentResource(readFileSync(id, 'utf8'));
      if (body.length === 0) throw new Error(`${id} has no message`);
      return { code: `export default JSON.parse(${JSON.stringify(JSON.stringify(body))});`, map: null, moduleType: 'js' };
    },
  };
}

/** `import drawing from 'lucide-static/icons/x.svg?outline'`: the whole icon as one path, so that no face writes markup. */
export function outlines(): Plugin {
  return {
    name: 'aside-outlines',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!source.endsWith('.svg?outline')) return null;
      const found = await this.resolve(source.slice(0, -'?outline'.length), importer, { skipSelf: true });
      return found && `${found.id}?outline`;
    },
    load(id) {
      if (!id.endsWith('.svg?outline')) return null;
      const path = onePath(readFileSync(id.slice(0, -'?outline'.length), 'utf8'));
      return { code: `export default ${JSON.stringify(path)};`, map: null, moduleType: 'js' };
    },
  };
}

/**
 * The shapes of an outline icon as the `d` of one path.
 *
 * @throws on a shape it does not know, and on an icon without any
 */
export function onePath(svg: string): string {
  const shapes = Array.from(svg.matchAll(/<(\w+)\s([^>]*?)\/>/gs), ([, name = '', text = '']) => {
    const attributes = new Map(Array.from(text.matchAll(/([\w-]+)="([^"]*)"/g), ([, key = '', value = '']) => [key, value]));
    return shapePath(name, attributes);
  });
  if (shapes.length === 0) throw new Error('an icon without a shape');
  return shapes.join('');
}

function shapePath(name: string, attributes: ReadonlyMap<string, string>): string {
  const number = (key: string) => Number(attributes.get(key) ?? 0);
  switch (name) {
    case 'path':
      return absoluteStart(attributes.get('d') ?? '');
    case 'line':
      return `M${number('x1')} ${number('y1')}L${number('x2')} ${number('y2')}`;
    case 'polyline':
      return `M${attributes.get('points')}`;
    case 'polygon':
      return `M${attributes.get('points')}Z`;
    case 'circle': {
      const r = number('r');
      return `M${number('cx') - r} ${number('cy')}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    }
    case 'rect': {
      const [x, y, w, h, r] = [number('x'), number('y'), number('width'), number('height'), number('rx')];
      const corner = (dx: number, dy: number) => (r === 0 ? '' : `a${r} ${r} 0 0 1 ${dx} ${dy}`);
      return `M${x + r} ${y}h${w - 2 * r}${corner(r, r)}v${h - 2 * r}${corner(-r, r)}h${2 * r - w}${corner(-r, -r)}v${2 * r - h}${corner(r, -r)}Z`;
    }
    default:
      throw new Error(`an icon of <${name}>`);
  }
}

/** A path may begin with a relative `m`, which counts from where the pen stands: behind another shape, not from nought. */
function absoluteStart(d: string): string {
  return d.startsWith('m') ? `M0 0${d}` : d;
}
