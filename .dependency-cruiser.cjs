/** The direction of imports, as CONTRIBUTING.md draws it. `test/layers.test.ts` runs this and counts what it saw. */
const layer = (name, allowed) => ({
  name: `${name}-imports`,
  comment: `src/${name} may import only: ${[name, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^(src|rules)/', pathNot: `^src/(${[name, ...allowed].join('|')})/` },
})

module.exports = {
  forbidden: [
    layer('core', []),
    layer('python', ['core']),
    layer('celery', ['python', 'core']),
    layer('rule', ['celery', 'python', 'core']),
    layer('engine', ['rule', 'celery', 'python', 'diff', 'core']),
    layer('diff', ['core']),
    layer('review', ['diff', 'core']),
    layer('config', ['engine', 'rule', 'celery', 'python', 'core']),
    layer('git', ['diff', 'core']),
    layer('github', ['review', 'diff', 'core']),
    layer('database', ['core']),
    layer('queue', ['database', 'core']),
    layer('store', ['database', 'core']),
    layer('simulator', ['core']),
    {
      name: 'rules-imports',
      comment: 'a rule reads facts and the project: core, python, celery and rule',
      severity: 'error',
      from: { path: '^rules/' },
      to: { path: '^(src|rules)/', pathNot: '^src/(core|python|celery|rule)/' },
    },
    {
      name: 'compositions-are-roots',
      comment: 'nothing imports the app or the command line, but the command line starts the app',
      severity: 'error',
      from: { path: '^(src|rules)/', pathNot: '^src/(app|cli)/' },
      to: { path: '^src/(app|cli)/' },
    },
    {
      name: 'app-does-not-import-cli',
      severity: 'error',
      from: { path: '^src/app/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'pure-layers',
      comment: 'the engine and all below it do no I/O, but for the grammar and the rules that are loaded from files',
      severity: 'error',
      from: { path: '^(src/(core|python|celery|engine|diff|review)/|rules/)', pathNot: '^src/python/parse\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(crypto|node:crypto)$' },
    },
    {
      name: 'octokit-only-in-github',
      comment: 'only src/github talks to GitHub; the app creates the clients',
      severity: 'error',
      from: { path: '^(src|rules)/', pathNot: '^src/(github|app|cli)/' },
      to: { path: 'node_modules/(@octokit|probot)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
  },
}
