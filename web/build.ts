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

/** `import drawing from 'lucide-static/icons/x.svg?outline'`: only what stands inside the `<svg>`. */
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
      const svg = readFileSync(id.slice(0, -'?outline'.length), 'utf8');
      const inside = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
      return { code: `export default ${JSON.stringify(inside.replaceAll(/\s*\n\s*/g, ''))};`, map: null, moduleType: 'js' };
    },
  };
}
