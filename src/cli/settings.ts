/** Owns what the engine is asked: the configuration file, with the options of the command line on top. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Configuration, configurationPath, defaultConfiguration } from '../config/configuration.ts'
import { engineSettingsOf } from '../config/engine-settings.ts'
import { parseConfiguration } from '../config/parse-configuration.ts'
import { UserError } from '../core/errors.ts'
import type { Snapshot } from '../core/snapshot.ts'
import type { EngineSettings } from '../engine/settings.ts'
import type { Rule } from '../rule/rule.ts'
import { catalogueOf } from './catalogue.ts'
import { expandRuleNames } from './rule-names.ts'

export interface SettingsOptions {
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  readonly preview?: boolean
  /** A configuration file, from the current directory; the project's own if it is left out. */
  readonly config?: string
}

/**
 * The settings for a project.
 * @throws UserError when the configuration is faulty or an option names a rule that does not exist.
 */
export async function readSettings(
  project: Snapshot,
  rules: readonly Rule[],
  { select, ignore, preview, config }: SettingsOptions,
  cwd: string,
): Promise<EngineSettings> {
  const catalogue = catalogueOf(rules)
  const ruleNames = catalogue.map(({ meta }) => meta.name)
  const file = config === undefined ? await readOwnConfiguration(project) : readGivenConfiguration(config, cwd)
  const configuration = file ? parseStrictly(file, ruleNames) : defaultConfiguration
  const withPreview = preview === true || configuration.preview
  return {
    ...engineSettingsOf(configuration),
    select: select && expandRuleNames(select, catalogue, withPreview),
    ignore: ignore && expandRuleNames(ignore, catalogue, true),
    preview: withPreview,
  }
}

interface ConfigurationFile {
  readonly path: string
  readonly text: string
}

/** On the command line nobody would see that half a configuration applies: the first fault ends the run. */
function parseStrictly({ path, text }: ConfigurationFile, ruleNames: readonly string[]): Configuration {
  const { configuration, problems } = parseConfiguration(text, { ruleNames })
  const [problem] = problems
  if (problem) throw new UserError(`${path}:${problem.line}: ${problem.message}`)
  return configuration
}

async function readOwnConfiguration(project: Snapshot): Promise<ConfigurationFile | undefined> {
  const contents = await project.read(project.files.filter(({ path }) => path === configurationPath))
  const bytes = contents.get(configurationPath)
  return bytes && { path: configurationPath, text: Buffer.from(bytes).toString() }
}

function readGivenConfiguration(path: string, cwd: string): ConfigurationFile {
  try {
    return { path, text: readFileSync(resolve(cwd, path), 'utf8') }
  } catch (error) {
    throw new UserError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
