/**
 * Owns where a project configures Celery: Django settings under a namespace, `app.conf`, configuration modules and the
 * arguments of `Celery(…)`, all brought to Celery's own lower-case names.
 */
import type { Call, Dict, Expr, Node } from '../python/syntax.ts'
import { ancestors, enclosingFunction } from '../python/walk.ts'
import { isApp, makesApp } from './apps.ts'
import { type ClassReferent, lineage } from './classes.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { newNameOf, settingNames } from './vocabulary/settings.ts'

/** One place that sets something, in Django's settings or in Celery's configuration. */
export interface SettingPlace {
  readonly file: ProjectFile
  /** As written, such as `CELERY_BEAT_SCHEDULE` or `beat_schedule`. */
  readonly written: string
  /** The name as written: identifier, attribute, keyword or dict key. */
  readonly at: Node
  readonly value: Expr
  /** Where it stands: a Django settings module, `app.conf`, a configuration module or object, or `Celery(…)` itself. */
  readonly source: 'django' | 'conf' | 'module' | 'constructor'
  /** Whether it stands under a condition. */
  readonly conditional: boolean
}

/** One call of `config_from_object`. */
export interface Configuration {
  /** What stands before each setting's name, without its underscore; undefined when it is computed. */
  readonly prefix: string | undefined
  readonly file: ProjectFile
  readonly call: Call
  /** What is read: Django's settings, a module of the project, a class with its bases, or a mapping. */
  readonly reads: ConfigurationSource
}

export type ConfigurationSource =
  | { readonly kind: 'django' }
  | { readonly kind: 'module'; readonly file: ProjectFile }
  | ClassReferent
  | { readonly kind: 'mapping'; readonly file: ProjectFile; readonly dict: Dict }

/** How the project's Celery reads Django's settings, or another module under a prefix. */
export interface Namespace {
  /** `CELERY` for `CELERY_…`; empty when settings carry no prefix. */
  readonly prefix: string
  readonly file: ProjectFile
  readonly call: Call
}

/** A place whose effect on Celery is known: `key` is Celery's own lower-case name. */
export interface CelerySetting extends SettingPlace {
  readonly key: string
}

const settingsPath = /(^|\/)(settings|config\/settings|conf\/settings)(\/.*)?\.py$|(^|\/)[\w.]*settings[\w.]*\.py$/

/** Whether a file is, by its place, a module of Django settings. */
export const isSettingsPath = (path: string): boolean => settingsPath.test(path)

export class SettingsFinder {
  constructor(
    readonly names: Names,
    /** Dotted names of modules that `DJANGO_SETTINGS_MODULE` defaults to. */
    readonly declared: ReadonlySet<string>,
  ) {}

  /** Whether a file holds Django settings. */
  isSettings(file: ProjectFile): boolean {
    return !file.isTest && !file.isMigration && (isSettingsPath(file.path) || this.declared.has(file.module))
  }

  /** Upper-case names that a settings module assigns, at its top level or in the body of a settings class. */
  djangoPlaces(file: ProjectFile): SettingPlace[] {
    const places: SettingPlace[] = []
    for (const name of assignmentsOf(file)) {
      if (!/^[A-Z][A-Z0-9_]*$/.test(name.written)) continue
      places.push({ ...name, file, source: 'django' })
    }
    return places
  }

  /** What the `config_from_object` calls of a file say, and `Celery(…, config_source=…)`. */
  configurationsOf(file: ProjectFile): Configuration[] {
    const found: Configuration[] = []
    for (const call of file.calls) {
      const isCall = call.callee.kind === 'attribute' && call.callee.attr === 'config_from_object'
      const source = call.args.find(({ name }) => (isCall ? name === 'obj' || !name : name === 'config_source'))?.value
      if (!source || !(isCall || makesApp(this.names, file, call))) continue
      const prefix = this.#prefix(file, call)
      for (const reads of this.#sources(file, source)) found.push({ prefix, file, call, reads })
    }
    return found
  }

  /** What is read; several where a name is imported from one module or, failing that, from another. */
  #sources(file: ProjectFile, source: Expr): ConfigurationSource[] {
    if (source.kind === 'string') {
      if (/^django\.conf(:settings)?$/.test(source.value)) return [{ kind: 'django' }]
      const dotted = source.value.replace(':', '.')
      const module = this.names.module(dotted, file)
      return module ? [{ kind: 'module', file: module }] : this.#read(this.names.lookup(dotted, file))
    }
    if (source.kind === 'dict') return [{ kind: 'mapping', file, dict: source }]
    const referent = this.names.follow(
      file,
      source.kind === 'call' && source.args.length === 0 ? source.callee : source,
    )
    if (referent?.kind === 'external' && referent.name === 'django.conf.settings') return [{ kind: 'django' }]
    const read = this.#read(referent)
    if (read.length > 0 || source.kind !== 'name') return read
    return this.names.imports(file, source).flatMap((name): ConfigurationSource[] => {
      const module = this.names.module(name, file)
      return module ? [{ kind: 'module', file: module }] : []
    })
  }

  #read(referent: Referent | undefined): ConfigurationSource[] {
    if (referent?.kind === 'module') return [{ kind: 'module', file: referent.file }]
    if (referent?.kind === 'class') return [referent]
    if (referent?.kind !== 'value') return []
    const { file, expr } = referent
    if (expr.kind === 'dict') return [{ kind: 'mapping', file, dict: expr }]
    // An object of a class has what its class has.
    const made = expr.kind === 'call' ? this.names.follow(file, expr.callee) : undefined
    return made?.kind === 'class' ? [made] : []
  }

  /** The `namespace=` of a call as Celery reads it; undefined when it is computed. */
  #prefix(file: ProjectFile, call: Call): string | undefined {
    const given = call.args.find((arg) => arg.name === 'namespace')?.value
    if (!given) return call.args.some((arg) => arg.unpack) ? undefined : ''
    const referent = this.names.follow(file, given)
    const value = referent?.kind === 'value' ? referent.expr : given
    if (value.kind === 'string') return value.value.replace(/_+$/, '')
    return value.kind === 'constant' && !value.value ? '' : undefined
  }

  /** What a module, a class or a mapping that `config_from_object` is given sets; Django's settings are found on their own. */
  configurationPlaces({ reads, prefix, call }: Configuration): SettingPlace[] {
    // Under a prefix, names are read as those of Django's settings are.
    const source = prefix === '' ? ('module' as const) : ('django' as const)
    switch (reads.kind) {
      case 'django':
        return []
      case 'module':
        return assignmentsOf(reads.file).flatMap((name) =>
          ownerOf(name.at) ? [] : { ...name, file: reads.file, source },
        )
      case 'mapping':
        return [...stringEntries(reads.dict)].map(([written, value, at]) => ({
          file: reads.file,
          written,
          at,
          value,
          source,
          conditional: isConditional(call),
        }))
      case 'class': {
        const { own, external, unknown } = lineage(this.names, reads)
        // What a base from elsewhere makes of its attributes, such as to read them from the environment, nobody can see.
        const conditional = isConditional(call) || unknown || external.some((name) => name !== 'builtins.object')
        const seen = new Set<string>()
        return own.flatMap(({ file, node }) => {
          const set = assignmentsOf(file).filter(({ at, written }) => ownerOf(at) === node && !seen.has(written))
          for (const { written } of set) seen.add(written)
          return set.map((name) => ({ ...name, file, source, conditional: conditional || name.conditional }))
        })
      }
    }
  }

  /** `app.conf.x = …`, `app.conf['x'] = …`, `app.conf.update(x=…)` and `Celery(…, broker=…)` of a file. */
  confPlaces(file: ProjectFile): SettingPlace[] {
    if (!file.mentionsCelery) return []
    const places: SettingPlace[] = []
    const add = (written: string, at: Node, value: Expr, source: SettingPlace['source'], where = file) =>
      places.push({ file: where, written, at, value, source, conditional: isConditional(at) })
    for (const call of file.calls) {
      const { callee } = call
      if (callee.kind === 'attribute' && callee.attr === 'update' && this.#isConf(file, callee.value)) {
        for (const arg of call.args) {
          const referent = this.names.follow(file, arg.value)
          const given = referent?.kind === 'value' ? referent.expr : arg.value
          const where = referent?.kind === 'value' ? referent.file : file
          if (arg.name) add(arg.name, arg, arg.value, 'conf')
          else if (given.kind === 'dict')
            for (const [key, value, at] of stringEntries(given)) add(key, at, value, 'conf', where)
        }
      } else if (makesApp(this.names, file, call)) {
        for (const arg of call.args) {
          if (arg.name === 'broker') add('broker_url', arg, arg.value, 'constructor')
          if (arg.name === 'backend') add('result_backend', arg, arg.value, 'constructor')
        }
      }
    }
    for (const assign of file.assigns) {
      if (!assign.value) continue
      for (const target of assign.targets) {
        if (target.kind === 'attribute' && this.#isConf(file, target.value))
          add(target.attr, target, assign.value, 'conf')
        if (target.kind === 'subscript' && this.#isConf(file, target.value) && target.index[0]?.kind === 'string') {
          add(target.index[0].value, target.index[0], assign.value, 'conf')
        }
      }
    }
    return places
  }

  #isConf(file: ProjectFile, expr: Expr): boolean {
    return expr.kind === 'attribute' && expr.attr === 'conf' && isApp(this.names, file, expr.value)
  }
}

/**
 * Celery's own name for a place, given how the project reads its settings; undefined when Celery does not read it. A
 * project that does not show how it reads them is taken to follow one of the two conventions, whichever the name does.
 */
export function celeryKey(place: SettingPlace, namespace: Namespace | undefined): string | undefined {
  if (place.source !== 'django') return newNameOf(place.written)
  if (!namespace) {
    const key = keyBehind('CELERY', place.written)
    return key !== undefined && settingNames.has(key) ? key : newNameOf(place.written)
  }
  return namespace.prefix === '' ? newNameOf(place.written) : keyBehind(namespace.prefix, place.written)
}

const keyBehind = (prefix: string, written: string): string | undefined =>
  written.startsWith(`${prefix}_`) ? written.slice(prefix.length + 1).toLowerCase() : undefined

export function* stringEntries(dict: Dict): Generator<[string, Expr, Expr]> {
  for (const { key, value } of dict.entries) if (key?.kind === 'string') yield [key.value, value, key]
}

function assignmentsOf(file: ProjectFile): Pick<SettingPlace, 'written' | 'at' | 'value' | 'conditional'>[] {
  const found: Pick<SettingPlace, 'written' | 'at' | 'value' | 'conditional'>[] = []
  for (const assign of file.assigns) {
    if (!assign.value || enclosingFunction(assign)) continue
    for (const target of assign.targets) {
      if (target.kind !== 'name') continue
      found.push({ written: target.id, at: target, value: assign.value, conditional: isConditional(assign) })
    }
  }
  return found
}

/** The class whose body an assignment stands in. */
const ownerOf = (node: Node): Node | undefined => [...ancestors(node)].find(({ kind }) => kind === 'class')

function isConditional(node: Node): boolean {
  for (let up = node.parent; up; up = up.parent) if (up.kind === 'if' || up.kind === 'try') return true
  return false
}
