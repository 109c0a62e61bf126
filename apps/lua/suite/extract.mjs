// extract.mjs PACKAGE OUTPUT: writes the official tests of Lua 5.3 as files, and OUTPUT/all, a list of them in order.
//
// PACKAGE is the unpacked npm package fengari, Lua in JavaScript. It carries the suite as tests of jest, each of which hands one
// string to a Lua state. Here these tests run with stand-ins for everything of fengari's, so that nothing happens but that the string
// is seen. A line of the list is a file's name and, where the test gives one, the chunk's name.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, output] = process.argv.slice(2).map((path) => resolve(path));
const suite = join(folder, 'test/test-suite');
let seen = null;  // what the running test loaded last
const loaders = {
    luaL_loadstring: (state, text) => { seen = { text, chunk: '' }; },
    luaL_loadbuffer: (state, text, size, chunk) => { seen = { text, chunk }; },
    luaL_loadfile: (state, path) => { seen = { text: readFileSync(join(folder, path)), chunk: `@${path}` }; },
    to_luastring: (text) => text,
};
// Can be called, and has every member; both give the same again. So does whatever it is compared with.
const anything = new Proxy(() => {}, {
    get: (target, name) => loaders[name] ?? (name === Symbol.toPrimitive ? () => 0 : anything),
    apply: () => anything,
});
const load = Module._load;
Module._load = (name, ...rest) => (name.startsWith('.') ? anything : load(name, ...rest));

const uses = new Map();  // how often a name was given: the suite repeats some
const list = [];
// "[test-suite] api: testing 'rotate'" becomes api-testing-rotate.
function fileName(title) {
    const name = title.replace('[test-suite] ', '').replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '');
    uses.set(name, (uses.get(name) ?? 0) + 1);
    return uses.get(name) === 1 ? name : `${name}-${uses.get(name)}`;
}
function test(title, body) {
    seen = null;
    try { body(); } catch { /* It looked at what a real state would have given it. */ }
    if (seen === null || seen.text === anything) {
        console.log(`no Lua in: ${title}`);
        return;
    }
    // What Lua's tests call C, in messages that they expect, fengari's call JS.
    const text = typeof seen.text === 'string' ? seen.text.replaceAll('JS', 'C').replaceAll('"J"', '"C"').replaceAll('jspath', 'cpath')
                                               : seen.text;
    const name = fileName(title.replaceAll('JS', 'C'));
    writeFileSync(join(output, name), text);
    list.push(`${name} ${seen.chunk}`.trim());
}
test.skip = test;  // what fengari leaves out, Lua need not
globalThis.test = test;
globalThis.describe = (title, body) => body();
globalThis.expect = () => anything;
mkdirSync(output, { recursive: true });
for (const name of readdirSync(suite).filter((each) => each.endsWith('.test.js')).sort()) {
    createRequire(import.meta.url)(join(suite, name));
}
writeFileSync(join(output, 'all'), `${list.join('\n')}\n`);
