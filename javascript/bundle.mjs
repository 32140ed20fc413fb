// Writes feel/feelin.js: the evaluator with all it needs in one file, headed by the licences of what is inside.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const LED_THROUGH_BOUNDS = [
  ['return a + b;', 'return boundedText(a + b);'],
  ["list.filter(l => l !== null).join(delimiter || '')", "boundedJoin(list.filter(l => l !== null), delimiter || '')"],
  ["obj.map(toDeepString).join(', ')", "boundedJoin(obj.map(toDeepString), ', ')"],
  ['return toString(from);', 'return boundedText(toString(from));'],
  ["input.replace(regexp, replacement.replace(/\\$0/g, '$$&'))", "boundedReplace(input, regexp, replacement.replace(/\\$0/g, '$$&'))"],
];
const BOUNDS = "import { boundedJoin, boundedReplace, boundedText } from '../../../../bounds.mjs';\n";

// A release of feelin that reads otherwise stops the build.
const bounded = {
  name: 'bounded',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@bpmn-io\/feelin\/dist\/index\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [made, led] of LED_THROUGH_BOUNDS) {
        if (contents.split(made).length !== 2) {
          throw new Error(`feelin does not say this once: ${made}`);
        }
        contents = contents.replace(made, () => led);
      }
      return { contents: BOUNDS + contents };
    }),
};

const options = {
  entryPoints: ['bridge.mjs'],
  bundle: true,
  charset: 'utf8',
  format: 'iife',
  legalComments: 'none',
  metafile: true,
  minifyWhitespace: true,
  plugins: [bounded],
  target: 'es2022',
};

const licence = (name) =>
  readFile(`node_modules/${name}/LICENSE`, 'utf8').catch(() => readFile(`node_modules/${name}/LICENSE.md`, 'utf8'));

const { metafile } = await build({ ...options, write: false, outfile: 'feelin.js' });
const inside = Object.keys(metafile.inputs).flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
const licences = await Promise.all(
  [...new Set(inside)].sort().map(async (name) => {
    const { version, license } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'));
    return `${name} ${version} (${license})\n\n${(await licence(name)).trim()}\n`;
  }),
);

await build({ ...options, banner: { js: `/*\n${licences.join('\n')}*/` }, outfile: process.argv[2], logLevel: 'warning' });
