/** Owns the entries of Beat's schedule, wherever the project writes them. */
import type { Dict, Expr, Node, StringLiteral } from '../python/syntax.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { type CelerySetting, isSettingsPath, stringEntries } from './settings.ts'

export interface BeatEntry {
  readonly file: ProjectFile
  /** The entry's name in the schedule. */
  readonly key: string
  readonly keyNode: Expr
  readonly dict: Dict
  /** The fields that are written as literals: `task`, `schedule`, `args`, `kwargs`, `options` and others. */
  readonly fields: ReadonlyMap<string, Expr>
  /** The entry unpacks another mapping: there may be more fields than these. */
  readonly open: boolean
}

/** The entries that the schedules of a project hold, as far as they are literals. */
export function beatEntries(
  names: Names,
  settings: readonly CelerySetting[],
  files: readonly ProjectFile[],
): BeatEntry[] {
  const entries: BeatEntry[] = []
  const seen = new Set<Node>()
  const addMapping = (file: ProjectFile, expr: Expr) => {
    for (const { file: where, dict } of literalDicts(names, file, expr)) {
      if (seen.has(dict)) continue
      seen.add(dict)
      for (const [key, value, keyNode] of stringEntries(dict)) addEntry(where, key, keyNode, value)
      for (const { key, value } of dict.entries) if (!key) addMapping(where, value)
    }
  }
  const addEntry = (file: ProjectFile, key: string, keyNode: Expr, value: Expr) => {
    if (value.kind !== 'dict') return
    const fields = new Map<string, Expr>()
    for (const [field, fieldValue] of stringEntries(value)) fields.set(field, fieldValue)
    entries.push({
      file,
      key,
      keyNode,
      dict: value,
      fields,
      open: value.entries.some((entry) => entry.key?.kind !== 'string'),
    })
  }
  const variables = new Map<ProjectFile, Set<string>>()
  const values = new Set<Expr>()
  for (const setting of settings) {
    if (setting.key !== 'beat_schedule') continue
    addMapping(setting.file, setting.value)
    const known = variables.get(setting.file) ?? new Set()
    variables.set(setting.file, known.add(setting.written))
    values.add(setting.value)
  }
  // A framework that is no part of the project may read its configuration out of any module.
  for (const file of files) {
    if (file.isTest || isSettingsPath(file.path) || variables.has(file)) continue
    for (const value of names.remember(file, 'named schedules', () => namedSchedules(file))) addMapping(file, value)
  }
  // X["key"] = {…} and X.update({…}) on the schedule itself, also where another settings module imported it.
  for (const file of files) {
    const isSchedule = (expr: Expr) => {
      if (expr.kind === 'attribute' && expr.attr === 'beat_schedule') return true
      if (expr.kind !== 'name') return false
      if (variables.get(file)?.has(expr.id)) return true
      const referent = names.resolve(file, expr)
      return referent?.kind === 'value' && values.has(referent.expr)
    }
    for (const { target, index, value } of namedItems(names, file))
      if (isSchedule(target)) addEntry(file, index.value, index, value)
    for (const { callee, args } of file.methodCalls('update')) {
      if (!isSchedule(callee.value)) continue
      if (args[0] && !args[0].name) addMapping(file, args[0].value)
    }
  }
  return entries
}

/** What a module gives to the name of the setting. */
function namedSchedules(file: ProjectFile): Expr[] {
  if (!file.facts.text.includes('BEAT')) return []
  return file.assigns.flatMap(({ targets: [target], value, parent }) =>
    target?.kind === 'name' && parent?.kind === 'module' && value && /^CELERY_?BEAT_SCHEDULE$/.test(target.id)
      ? [value]
      : [],
  )
}

interface NamedItem {
  readonly target: Expr
  readonly index: StringLiteral
  readonly value: Expr
}

/** `TARGET["index"] = value` */
const namedItems = (names: Names, file: ProjectFile): readonly NamedItem[] =>
  names.remember(file, 'named items', () =>
    file.assigns.flatMap(({ targets, value }) =>
      targets.flatMap((target): NamedItem[] => {
        const [index] = target.kind === 'subscript' ? target.index : []
        return target.kind === 'subscript' && value && index?.kind === 'string'
          ? [{ target: target.value, index, value }]
          : []
      }),
    ),
  )

/** The dict literals that an expression can be: itself, what a name was assigned, either branch, both sides of a merge. */
export function* literalDicts(
  names: Names,
  file: ProjectFile,
  expr: Expr,
): Generator<{ file: ProjectFile; dict: Dict }> {
  switch (expr.kind) {
    case 'dict':
      yield { file, dict: expr }
      return
    case 'conditional':
      yield* literalDicts(names, file, expr.body)
      yield* literalDicts(names, file, expr.orelse)
      return
    case 'binary':
      yield* literalDicts(names, file, expr.left)
      yield* literalDicts(names, file, expr.right)
      return
    case 'name':
    case 'attribute': {
      const referent = names.follow(file, expr)
      if (referent?.kind === 'value' && referent.expr !== expr) yield* literalDicts(names, referent.file, referent.expr)
    }
  }
}
