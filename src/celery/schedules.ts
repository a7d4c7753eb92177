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
    for (const { name, assigned, key, value } of names.remember(file, 'additions', () => additions(names, file))) {
      const isSchedule = name === undefined || variables.get(file)?.has(name) || (assigned && values.has(assigned))
      if (!isSchedule) continue
      if (key) addEntry(file, key.value, key, value)
      else addMapping(file, value)
    }
  }
  return entries
}

/** What a module gives to the name of the setting. */
function namedSchedules(file: ProjectFile): Expr[] {
  if (!file.mentions('BEAT')) return []
  return file.assigns.flatMap(({ targets: [target], value, parent }) =>
    target?.kind === 'name' && parent?.kind === 'module' && value && /^CELERY_?BEAT_SCHEDULE$/.test(target.id)
      ? [value]
      : [],
  )
}

/** What is put into a mapping that may be the schedule. */
interface Addition {
  /** Of the mapping; undefined where it is an attribute of the setting's own name. */
  readonly name?: string
  /** What the name was assigned. */
  readonly assigned?: Expr
  /** Absent where a whole mapping is put into it. */
  readonly key?: StringLiteral
  readonly value: Expr
}

/** `TARGET["key"] = value` and `TARGET.update(value)` */
function additions(names: Names, file: ProjectFile): Addition[] {
  const add = (target: Expr, what: Pick<Addition, 'key' | 'value'>): Addition[] => {
    if (target.kind === 'attribute') return target.attr === 'beat_schedule' ? [what] : []
    if (target.kind !== 'name') return []
    const referent = names.resolve(file, target)
    return [{ ...what, name: target.id, assigned: referent?.kind === 'value' ? referent.expr : undefined }]
  }
  const items = file.assigns.flatMap(({ targets, value }) =>
    targets.flatMap((target): Addition[] => {
      const [key] = target.kind === 'subscript' ? target.index : []
      return target.kind === 'subscript' && value && key?.kind === 'string' ? add(target.value, { key, value }) : []
    }),
  )
  const updates = file
    .methodCalls('update')
    .flatMap(({ callee, args: [given] }) => (given && !given.name ? add(callee.value, { value: given.value }) : []))
  return [...items, ...updates]
}

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
