/** Changes of a project that change nothing of what it does. Each gives undefined where a file has nothing to apply it to. */
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applyEdits, type Edit } from '../../src/core/fix.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { FunctionDef, Node } from '../../src/python/syntax.ts'
import { descendants, enclosingClass, enclosingFunction } from '../../src/python/walk.ts'
import type { Files } from './memory-snapshot.ts'

/** @param choose picks one of so many, from 0 */
export type Transformation = (files: Files, path: string, choose: (count: number) => number) => Files | undefined

export const transformations: Readonly<Record<string, Transformation>> = {
  'adding an unrelated file': (files) => ({
    ...files,
    'unrelated/tasks.py': 'from celery import shared_task\n\n\n@shared_task\ndef unrelated():\n    return 1\n',
    'unrelated/views.py': 'import json\n\n\ndef answer(request):\n    return json.dumps({})\n',
  }),

  'shifting lines': (files, path, choose) => {
    const { facts } = linked(files, path)
    const statement = pick(facts.module.body, choose)
    if (!statement || !startsLine(facts.text, statement)) return undefined
    return edited(files, path, [insertion(statement.start, 'SHIFTED = 1\n\n\n')])
  },

  'indenting by other steps': (files, path) => {
    const { facts, lines } = linked(files, path)
    const strings = [...descendants(facts.module)].filter(({ kind }) => kind === 'string' || kind === 'fstring')
    const edits: Edit[] = []
    for (let line = 1; line <= lines.count; line++) {
      const start = lines.startOf(line)
      const indent = /^ */.exec(lines.textOf(line))![0]
      const isInString = strings.some((node) => node.start < start && start < node.end)
      if (indent && !isInString) edits.push(insertion(start, indent))
    }
    return edits.length > 0 ? edited(files, path, edits) : undefined
  },

  'renaming a local variable': (files, path, choose) => {
    const file = linked(files, path)
    const locals = file.functions.flatMap((node) => localsOf(file, node).map((name) => ({ node, name })))
    const local = pick(locals, choose)
    if (!local) return undefined
    const scope = file.scopeOf(local.node)
    const uses = [...descendants(file.facts.module)].filter(
      (node) => node.kind === 'name' && node.id === local.name && scopeOf(local.name, file.scopeAt(node)) === scope,
    )
    return edited(
      files,
      path,
      uses.map((use) => ({ span: { start: use.start, end: use.end }, replacement: `${local.name}_` })),
    )
  },

  'moving a function to another file': (files, path, choose) => {
    const project = link(files)
    const file = project.files.get(path)!
    const tasks = new Set(project.tasks.map(({ node }) => node))
    const isFree = (node: FunctionDef) =>
      !enclosingFunction(node) && !enclosingClass(node) && node.parent === file.facts.module && !tasks.has(node)
    const moved = pick(file.functions.filter(isFree), choose)
    if (!moved || path.includes('migrations/')) return undefined
    const { text } = file.facts
    const start = text.lastIndexOf('\n', moved.start - 1) + 1
    const here = moduleBelow(path)
    const used = new Set([...descendants(moved)].flatMap((node) => (node.kind === 'name' ? [node.id] : [])))
    const imports = file.facts.module.body.filter(
      (node) =>
        (node.kind === 'import' && node.names.some(({ name, alias }) => used.has(alias ?? name.split('.')[0]!))) ||
        (node.kind === 'import-from' && (node.star || node.names.some(({ name, alias }) => used.has(alias ?? name)))),
    )
    const needed = [...file.moduleScope.bindings]
      .filter(([name, [first]]) => used.has(name) && name !== moved.name && first?.kind !== 'import')
      .map(([name]) => `from .${here} import ${name}\n`)
    const other = `moved_${here}`
    return {
      ...edited(files, path, [
        { span: { start, end: moved.end }, replacement: `from .${other} import ${moved.name}  # noqa` },
      ]),
      [path.replace(/[^/]+$/, `${other}.py`)]: [
        imports.map((node) => `${file.textOf(node)}\n`).join(''),
        needed.join(''),
        `\n\n${text.slice(start, moved.end)}\n`,
      ].join(''),
    }
  },
}

function link(files: Files): CeleryProject {
  const facts = new Map(Object.entries(files).map(([path, text]) => [path, extractFacts(text)]))
  return new CeleryProject(Object.keys(files), facts)
}

const linked = (files: Files, path: string): ProjectFile => link(files).files.get(path)!

const pick = <T>(items: readonly T[], choose: (count: number) => number): T | undefined =>
  items.length > 0 ? items[choose(items.length)] : undefined

const insertion = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

const edited = (files: Files, path: string, edits: readonly Edit[]): Files => ({
  ...files,
  [path]: applyEdits(files[path]!, edits),
})

const startsLine = (text: string, { start }: Node) => start === 0 || text[start - 1] === '\n'

const moduleBelow = (path: string) => path.replace(/^.*\//, '').replace(/\.py$/, '')

/** The names that a function itself assigns, and nothing else binds. */
function localsOf(file: ProjectFile, node: FunctionDef): string[] {
  return [...(file.scopeOf(node)?.bindings ?? [])].flatMap(([name, bindings]) =>
    bindings.every(({ kind, at }) => (kind === 'assignment' || kind === 'loop') && at.kind === 'name') ? [name] : [],
  )
}
